import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";

const TOKEN_BYTES = 32;

/** 32 bytes as base64url writes them. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

/** A new session token: 256 random bits as base64url. */
export function makeSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Whether a text has the form of a session token. */
export function isSessionToken(text: string): boolean {
  return TOKEN_FORM.test(text);
}

/** What is kept of a token. 256 random bits need no slow hash. */
export function sessionDigest(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

/**
 * The token against forged requests that belongs to a session: whoever knows the session can make it, and from it nobody
 * can make the session. Nothing needs to be stored, and it ends with the session.
 */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac("sha256", sessionToken).update("lotty csrf").digest("base64url");
}

/** Whether a text is the session's token against forged requests; compared in constant time. */
export function isCsrfToken(given: string, sessionToken: string): boolean {
  const expected = Buffer.from(csrfTokenOf(sessionToken));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
