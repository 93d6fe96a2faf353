/**
 * What a rule text may measure. Beyond a limit parsing answers with a diagnostic instead of working on.
 *
 * `depth` guards the stack: the parser recurses, and about 200 nested parentheses are where a default stack still
 * holds. The others bound time and memory: a text at all limits parses in well under a second.
 */
export const RULE_LIMITS: {
  /** Length of the text in UTF-16 code units. */
  readonly textLength: number;
  /** Words, values and symbols of the text. */
  readonly tokens: number;
  /** How deep parentheses and `NOT` may nest. */
  readonly depth: number;
  /** Conditions, `NOT`s and connectives together. */
  readonly nodes: number;
  /** Values in one `IN` list. */
  readonly listItems: number;
  /**
   * Cost of all `MATCHES` patterns together, by the estimate of `patternCost`. A counted repetition is written out when
   * a pattern is compiled: `a{1000}` 300 times over (2,100 characters) takes 0.7 s and 100 MB, this limit about 0.1 s.
   */
  readonly patternCost: number;
  /** Diagnostics reported for one text; those beyond it are left out. */
  readonly diagnostics: number;
} = Object.freeze({
  textLength: 262_144,
  tokens: 65_536,
  depth: 100,
  nodes: 10_000,
  listItems: 10_000,
  patternCost: 200_000,
  diagnostics: 50,
});
