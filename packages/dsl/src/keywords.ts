/** Words that mean something by themselves, in any letter case. */
export const KEYWORDS = [
  "AND",
  "OR",
  "NOT",
  "IN",
  "CONTAINS",
  "STARTS_WITH",
  "ENDS_WITH",
  "MATCHES",
  "EXISTS",
  "TRUE",
  "FALSE",
  "NULL",
] as const;

/** One of {@link KEYWORDS}. */
export type Keyword = (typeof KEYWORDS)[number];

const keywords: ReadonlySet<string> = new Set(KEYWORDS);

/** Whether a word is a keyword, in any letter case. `BETWEEN`, `SEGMENT`, `semver`, `date` and `attributes` are not. */
export function isKeyword(word: string): boolean {
  // Letters outside ASCII cannot get here through the lexer, but some turn into ASCII letters in upper case.
  return /^[A-Za-z_]+$/.test(word) && keywords.has(word.toUpperCase());
}
