import type { Instant } from "./instant.ts";

/** Id of the environment that exists from the start and is used when none is named. */
export const DEFAULT_ENVIRONMENT_ID = "00000000-0000-7000-8000-000000000001";

/** Key of the environment that exists from the start. */
export const DEFAULT_ENVIRONMENT_KEY = "production";

/** A place where flags have a state of their own, and subjects a history of their own: production, staging, a test lab. */
export interface Environment {
  /** Lower-case UUID. */
  readonly id: string;
  /** Name by which callers ask for it; unique, and for ever: see {@link environmentKeyFault}. */
  readonly key: string;
  readonly createdAt: Instant;
  /** When it was put away: what it was stays on record, and nothing is decided in it. `null` while it is in use. */
  readonly archivedAt: Instant | null;
}

/** Most environments that are not archived: every process holds the configuration of each. */
export const MAX_ENVIRONMENTS = 50;

/** Longest key of an environment, in characters. */
export const MAX_ENVIRONMENT_KEY_LENGTH = 64;

const KEY = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Why a text cannot be the key of an environment, which stands in addresses and on command lines; `undefined` when it can. */
export function environmentKeyFault(key: string): string | undefined {
  return key.length <= MAX_ENVIRONMENT_KEY_LENGTH && KEY.test(key)
    ? undefined
    : `The key of an environment has 1 to ${MAX_ENVIRONMENT_KEY_LENGTH} lower-case letters, digits and hyphens, no hyphen at either end.`;
}
