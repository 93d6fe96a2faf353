import type { IncomingHttpHeaders } from "node:http";

/** How every key begins. Whatever else is sent as a credential is for somebody else, such as a proxy in front. */
const KEY_START = "lotty_";

const BEARER = "bearer ";

/**
 * The key that a request claims to have: `Authorization: Bearer` or, as OFREP clients send it, `X-API-Key`. Never taken from
 * the URL, which ends up in logs and histories (ASVS 5.0, 14.2.1).
 */
export function keyClaimOf({ authorization, "x-api-key": apiKey }: IncomingHttpHeaders): string | undefined {
  if (authorization !== undefined && authorization.slice(0, BEARER.length).toLowerCase() === BEARER) {
    const token = authorization.slice(BEARER.length).trim();
    if (token.startsWith(KEY_START)) return token;
  }
  return typeof apiKey === "string" && apiKey.startsWith(KEY_START) ? apiKey : undefined;
}
