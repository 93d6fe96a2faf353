import { LottyError, type Flag } from "@lotty/domain";
import { isFlag, isRecord } from "../last-good/configuration-guards.ts";

/**
 * A stored version as what it should be.
 *
 * @throws LottyError `schema_mismatch`
 */
export function known<Kind>(definition: unknown, isKind: (value: unknown) => value is Kind): Kind {
  if (isKind(definition)) return definition;
  throw new LottyError("schema_mismatch", "A version in the database is of a kind that this version does not know");
}

/**
 * A stored version of a flag. Flags that were written before there were rules have none.
 *
 * @throws LottyError `schema_mismatch`
 */
export function toFlagVersion(definition: unknown): Flag {
  const defaults: Pick<Flag, "enabled" | "rules"> = { enabled: true, rules: [] };
  return known(isRecord(definition) ? { ...defaults, ...definition } : definition, isFlag);
}
