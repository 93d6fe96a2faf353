/** A semantic version without its build metadata, which has no say in precedence. */
export interface SemanticVersion {
  readonly numbers: readonly [major: string, minor: string, patch: string];
  readonly prerelease: readonly string[];
}

const NUMBER = "0|[1-9]\\d*";
const PRERELEASE_PART = `(?:${NUMBER}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const SEMANTIC_VERSION = new RegExp(
  `^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${PRERELEASE_PART}(?:\\.${PRERELEASE_PART})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
);
const ONLY_DIGITS = /^\d+$/;

/** Reads a version by semver.org 2.0.0; `undefined` when the text is not one. */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const match = SEMANTIC_VERSION.exec(text);
  if (match === null) return undefined;
  const [, major = "", minor = "", patch = "", prerelease] = match;
  return { numbers: [major, minor, patch], prerelease: prerelease === undefined ? [] : prerelease.split(".") };
}

/** Orders versions by precedence, semver.org 2.0.0 section 11. Numbers of any length compare exactly. */
export function compareSemanticVersions(a: SemanticVersion, b: SemanticVersion): number {
  for (const [index, left] of a.numbers.entries()) {
    const order = compareDigits(left, b.numbers[index] ?? "");
    if (order !== 0) return order;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (const [index, left] of a.prerelease.entries()) {
    const right = b.prerelease[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numericA = ONLY_DIGITS.test(a);
  const numericB = ONLY_DIGITS.test(b);
  if (numericA && numericB) return compareDigits(a, b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return compareAscii(a, b);
}

/** Digits without leading zeros: the longer number is the larger. */
function compareDigits(a: string, b: string): number {
  return a.length - b.length || compareAscii(a, b);
}

function compareAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
