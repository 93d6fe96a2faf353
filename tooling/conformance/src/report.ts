/** What became of one case. */
export type CaseResult =
  | { readonly status: "passed" }
  | { readonly status: "failed"; readonly difference: string }
  | { readonly status: "left_out"; readonly why: string };

/** Sums of many cases. */
export interface Tally {
  passed: number;
  failed: number;
  readonly leftOut: Map<string, number>;
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return { passed: 0, failed: 0, leftOut: new Map() };
}

/** Adds a result to a tally. */
export function count(tally: Tally, result: CaseResult): void {
  if (result.status === "passed") tally.passed += 1;
  else if (result.status === "failed") tally.failed += 1;
  else tally.leftOut.set(result.why, (tally.leftOut.get(result.why) ?? 0) + 1);
}

/** Adds one tally to another. */
export function addTally(sum: Tally, part: Tally): void {
  sum.passed += part.passed;
  sum.failed += part.failed;
  for (const [why, cases] of part.leftOut) sum.leftOut.set(why, (sum.leftOut.get(why) ?? 0) + cases);
}

/** One line about a file. */
export function tallyLine(name: string, tally: Tally): string {
  const total = [...tally.leftOut.values()].reduce((sum, cases) => sum + cases, 0);
  const why = [...tally.leftOut].map(([reason, cases]) => `${cases} ${reason}`).join(", ");
  const counts = `${String(tally.passed).padStart(5)} passed ${String(tally.failed).padStart(4)} failed`;
  return `${name.padEnd(32)}${counts} ${String(total).padStart(4)} left out${why === "" ? "" : ` (${why})`}`;
}

/** Compares two JSON-like values; the text of the first difference, or undefined. Object keys may be in any order. */
export function firstDifference(actual: unknown, expected: unknown, path = ""): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (isRecord(actual) && isRecord(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = firstDifference(actual[key], expected[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return `${path === "" ? "value" : path.slice(1)}: got ${show(actual)}, expected ${show(expected)}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
