/**
 * What a definitions file may hold. The limits keep a hostile or generated file from exhausting memory or the stack;
 * real files stay far below them.
 */
export const DEFINITION_LIMITS = {
  /** Characters (UTF-16 units) of the text. The YAML parser takes about 4 s for the worst text of this length. */
  maxCharacters: 1_000_000,
  /** Lists and mappings inside each other. Keeps recursive readers far from the end of the stack. */
  maxDepth: 32,
  /** Uses of YAML aliases. */
  maxAliases: 100,
  /** Values read, aliased ones counted at each use: what a "billion laughs" file multiplies. */
  maxNodes: 200_000,
  /** Problems reported before reading stops. */
  maxProblems: 100,
  /** Characters of a key or name. */
  maxKeyLength: 256,
  /** Characters of a text for people. */
  maxTextLength: 10_000,
  /** Tags of one flag, and people on one side of an approver group. */
  maxPeople: 1_000,
  /** Days that an experiment is planned for. */
  maxPlannedDays: 1_000_000,
  /** Variants of one experiment. */
  maxVariants: 100,
  /** Rules of one flag: a subject that none of them takes pays for all of them. */
  maxRules: 100,
  /** Largest weight, in hundredths: with the largest number of variants, total times 10,000 stays a safe integer. */
  maxWeight: 100_000_000,
  /** Priorities lie between minus this and this: a 32-bit integer in the database. */
  maxPriority: 2_147_483_647,
} as const;
