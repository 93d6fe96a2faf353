/** What a value and its JSON Schema may measure. They bound the time of a check; real ones stay far below. */
export const SCHEMA_LIMITS = {
  /** Characters of the schema's canonical text. */
  characters: 16_384,
  /** Lists and objects inside each other, of a schema as of a value. */
  depth: 32,
  /** Schemas inside the schema, each counted as often as references lead to it: what a chain of references multiplies. */
  expandedSchemas: 2_000,
  /** All patterns together: their lengths times their counted repetitions. Patterns match in time linear in this and in the text. */
  patternCost: 2_000,
  /** Most items that can be compared for being unique: every one with every other. */
  uniqueItems: 256,
  /** Characters of a value's canonical text. */
  valueCharacters: 65_536,
} as const;
