import type { IncomingMessage } from "node:http";
import { MAX_BODY_BYTES } from "@lotty/contracts";
import { inflate } from "./inflate.ts";
import { jsonFaultIndex } from "./json-fault-index.ts";
import { isJsonMediaType } from "./media-type.ts";
import type { ProblemDraft } from "./problem-answer.ts";
import { readBody } from "./read-body.ts";

/** The parsed body of a request, or why there is none. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: ProblemDraft };

/** What bodies a route takes. */
export interface BodyForm {
  /** Most bytes, as they are sent and when they are unpacked. */
  readonly maxBytes: number;
  /** Whether they may be packed with gzip. */
  readonly packed: boolean;
}

const PLAIN: BodyForm = { maxBytes: MAX_BODY_BYTES, packed: false };

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the JSON body of a request: `application/json` in UTF-8; not compressed, and at most {@link MAX_BODY_BYTES} bytes, unless the
 * route takes others.
 * Nesting is not limited here: whoever walks the value must limit it.
 *
 * @throws ConnectionLost when the caller goes away before the body is complete
 */
export function readJson(request: IncomingMessage, form: BodyForm = PLAIN): Promise<ReadJson> {
  const { headers } = request;
  if (!isJsonMediaType(headers["content-type"])) return Promise.resolve(NOT_JSON);
  const encoding = headers["content-encoding"]?.toLowerCase() ?? "identity";
  const isPacked = form.packed && encoding === "gzip";
  if (!isPacked && encoding !== "identity") return Promise.resolve(unknownEncoding(form));
  const body = readBody(request, form.maxBytes);
  return isPacked ? body.then((packed) => unpack(packed, form)) : body.then((plain) => parse(plain, form));
}

const NOT_JSON: ReadJson = refused({
  code: "unsupported_media_type",
  detail: "The body must be JSON in UTF-8, sent with the header Content-Type: application/json.",
  headers: { "accept-post": "application/json" },
});

function unknownEncoding({ packed }: BodyForm): ReadJson {
  return refused({
    code: "unsupported_media_type",
    detail: packed ? "The body must not be compressed, or with gzip." : "The body must not be compressed.",
    headers: { "accept-encoding": packed ? "gzip, identity" : "identity" },
  });
}

function tooLarge({ maxBytes }: BodyForm): ReadJson {
  return refused({ code: "request_too_large", detail: `The body must have at most ${maxBytes} bytes.` });
}

async function unpack(packed: Buffer | undefined, form: BodyForm): Promise<ReadJson> {
  if (packed === undefined) return tooLarge(form);
  const unpacked = await inflate(packed, form.maxBytes);
  if (unpacked.status === "too_large") return tooLarge(form);
  return unpacked.status === "damaged" ? unreadable("The body is not valid gzip.") : parse(unpacked.body, form);
}

function parse(body: Buffer | undefined, form: BodyForm): ReadJson {
  if (body === undefined) return tooLarge(form);
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    return unreadable("The body is not valid UTF-8.");
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return unreadable(text.trim() === "" ? "The body is empty." : `The body is not valid JSON${faultPlace(text)}.`);
  }
}

function faultPlace(text: string): string {
  const index = jsonFaultIndex(text);
  if (index === undefined) return "";
  const before = text.slice(0, index).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return index === text.length ? ": it ends too early" : ` from line ${before.length}, column ${column} on`;
}

function unreadable(detail: string): ReadJson {
  return refused({ code: "invalid_request", detail });
}

function refused(problem: ProblemDraft): ReadJson {
  return { ok: false, problem };
}
