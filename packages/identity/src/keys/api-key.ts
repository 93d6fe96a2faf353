import type { Instant, Role } from "@lotty/domain";
import type { KeyType } from "../access/key-type.ts";
import type { Scope } from "../access/scope.ts";

/** An API key as it is kept: without its secret. */
export interface ApiKey {
  /** Lower-case UUID. */
  readonly id: string;
  /** Part of the key itself, and no secret: people recognise it by that. */
  readonly prefix: string;
  /** SHA-256 of the whole key. */
  readonly digest: Buffer;
  /** What it is for, in the words of the person who made it. */
  readonly name: string;
  readonly type: KeyType;
  readonly scopes: readonly Scope[];
  /** What it may do within its scopes. */
  readonly roles: readonly Role[];
  readonly environmentId: string;
  readonly environmentKey: string;
  /** Name of the person or key that made it. */
  readonly createdBy: string;
  readonly createdAt: Instant;
  /** `null` for never. */
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  /** To the minute or so; `null` for never. */
  readonly lastUsedAt: Instant | null;
}

/** Longest name of a key, in UTF-16 units. */
export const MAX_KEY_NAME_LENGTH = 100;
