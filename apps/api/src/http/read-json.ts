import type { IncomingMessage } from "node:http";
import { MAX_BODY_BYTES } from "@lotty/contracts";
import { jsonFaultIndex } from "./json-fault-index.ts";
import { isJsonMediaType } from "./media-type.ts";
import type { ProblemDraft } from "./problem-answer.ts";
import { readBody } from "./read-body.ts";

/** The parsed body of a request, or why there is none. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: ProblemDraft };

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the JSON body of a request: `application/json` in UTF-8, not compressed, at most {@link MAX_BODY_BYTES} bytes.
 * Nesting is not limited here: whoever walks the value must limit it.
 *
 * @throws ConnectionLost when the caller goes away before the body is complete
 */
export async function readJson(request: IncomingMessage): Promise<ReadJson> {
  const { headers } = request;
  if (!isJsonMediaType(headers["content-type"])) {
    return refused({
      code: "unsupported_media_type",
      detail: "The body must be JSON in UTF-8, sent with the header Content-Type: application/json.",
      headers: { "accept-post": "application/json" },
    });
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    return refused({
      code: "unsupported_media_type",
      detail: "The body must not be compressed.",
      headers: { "accept-encoding": "identity" },
    });
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) {
    return refused({ code: "request_too_large", detail: `The body must have at most ${MAX_BODY_BYTES} bytes.` });
  }
  return parse(body);
}

function parse(body: Buffer): ReadJson {
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
