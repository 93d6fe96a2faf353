import type { Scope } from "./scope.ts";

/** Where a key is kept: on servers, or in programs that anyone can take apart, such as pages and mobile apps. */
export const KEY_TYPES = ["server", "client"] as const;

/** One of {@link KEY_TYPES}. */
export type KeyType = (typeof KEY_TYPES)[number];

/** Scopes that a key of type `client` may have: whoever reads it out of a page learns values, and never rules. */
export const CLIENT_SCOPES: readonly Scope[] = ["decide", "events"];
