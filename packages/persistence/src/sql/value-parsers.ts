import { types, type CustomTypesConfig } from "pg";

const INT8 = 20;

/**
 * How result columns become values, by type OID: everything as `pg` does, but `bigint` as a number. All 64-bit columns
 * of the schema are revisions, counts and microseconds, which are safe integers.
 */
export const EMBEDDED_PARSERS: Readonly<Record<number, (text: string) => unknown>> = { [INT8]: Number };

/** The same parsers in the form that `pg` takes. Both drivers exchange values as text only. */
export const PG_TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number): ((text: string) => unknown) => {
    const parser: (text: string) => unknown = types.getTypeParser(oid, "text");
    return EMBEDDED_PARSERS[oid] ?? parser;
  },
};
