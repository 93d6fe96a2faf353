import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";

/**
 * What people say about a flag and no decision depends on: the same in all environments. Changes with the flag, whose version
 * counts for both.
 */
export interface FlagDetails {
  readonly flagId: string;
  readonly description: string | null;
  /** A person or a team; `null` when nobody feels responsible. */
  readonly owner: string | null;
  /** Each once, in the order of code points. */
  readonly tags: readonly string[];
  /** JSON Schema that every value of the flag satisfies; `null` when any value of the flag's type will do. */
  readonly valueSchema: JsonValue;
  /** When the flag was put away; `null` while it is in use. */
  readonly archivedAt: Instant | null;
}
