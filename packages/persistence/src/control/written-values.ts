import { LottyError, type Instant } from "@lotty/domain";
import type { Knex } from "knex";
import { instantOf } from "../sql/instant-sql.ts";

/** A value for a `json` column that may be empty: `null` is no value at all there. */
export function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** A value for a timestamptz column. */
export function instantOrNull(knex: Knex, instant: Instant | null): Knex.Raw | null {
  return instant === null ? null : knex.raw(instantOf("CAST(? AS bigint)"), [instant]);
}

/**
 * Checks texts that the driver would change on the way instead of refusing them.
 *
 * @throws LottyError `database_rejected`
 */
export function checkEncodable(table: string, texts: readonly (string | null)[]): void {
  if (texts.every((text) => text === null || text.isWellFormed())) return;
  throw new LottyError("database_rejected", "A text of the change has a lone surrogate", { details: { table } });
}
