import { TypeOverrides, type CustomTypesConfig } from "pg";

const INT8 = 20;

/**
 * How result columns become values, by type OID, where it differs from what the drivers do: `bigint` as a number. All 64-bit
 * columns of the schema are revisions, counts, weights and microseconds, which are safe integers.
 */
export const EMBEDDED_PARSERS: Readonly<Record<number, (text: string) => unknown>> = { [INT8]: Number };

/** The same parsers in the form that `pg` takes. */
export const PG_TYPES: CustomTypesConfig = overrides();

function overrides(): TypeOverrides {
  const types = new TypeOverrides();
  for (const [oid, parse] of Object.entries(EMBEDDED_PARSERS)) types.setTypeParser(Number(oid), parse);
  return types;
}
