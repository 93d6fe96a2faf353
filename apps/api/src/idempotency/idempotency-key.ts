import type { IncomingHttpHeaders } from "node:http";
import type { ProblemDraft } from "../http/problem-answer.ts";

/** Header with the key, lower-case as Node gives it. */
const HEADER = "idempotency-key";

/**
 * Characters of a key. Too few could be guessed, and with the key what was asked for, passwords included: keys are the secret
 * with which that is digested.
 */
export const IDEMPOTENCY_KEY_LENGTH = { min: 16, max: 255 } as const;

/** The key of a request, if it has one, or what is wrong with it. */
export type IdempotencyKey =
  | { readonly ok: true; readonly key: string | undefined }
  | { readonly ok: false; readonly problem: ProblemDraft };

/** Text in quotes, as draft-ietf-httpapi-idempotency-key-header has it, or without, as most clients send it. */
const FORM = /^(?:"(?<quoted>[\x21\x23-\x5b\x5d-\x7e]+)"|(?<bare>[\x21\x23-\x5b\x5d-\x7e]+))$/;

/** Reads the `Idempotency-Key` of a request. */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): IdempotencyKey {
  const header = headers[HEADER];
  if (header === undefined) return { ok: true, key: undefined };
  const groups = typeof header === "string" ? FORM.exec(header.trim())?.groups : undefined;
  const key = groups?.["quoted"] ?? groups?.["bare"] ?? "";
  const { max, min } = IDEMPOTENCY_KEY_LENGTH;
  if (key.length >= min && key.length <= max) return { ok: true, key };
  const detail = `An Idempotency-Key has ${min} to ${max} visible ASCII characters, such as a random UUID.`;
  return { ok: false, problem: { code: "invalid_request", detail } };
}
