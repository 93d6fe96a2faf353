import { groupSequentialBounds, type LookBound, type PValue, pValueOf } from "@lotty/stats";

/** A look with the p-value of its test. */
export interface TestedLook {
  /** From 0. */
  readonly look: number;
  /** ln of the p-value as if it were the only look. */
  readonly logP: number;
}

/** Bounds of the looks of a plan, for the error of the plan and for others. */
export interface SequentialBounds {
  /** The bound of a look, counted from 0, at the plan's alpha. */
  at(look: number): LookBound;
  /**
   * The smallest error over all looks with which any of these looks would have rejected: the smallest of their repeated p-values. It is at
   * most alpha (or alpha divided by 2, 3, … up to the number of comparisons) exactly when one of them rejects at that; in between it is
   * interpolated.
   *
   * Source: Jennison & Turnbull (2000), "Group sequential methods", section 9.4.
   */
  repeated(looks: readonly TestedLook[]): PValue;
}

/** What bounds are made for. */
export interface BoundsQuestion {
  readonly fractions: readonly number[];
  readonly alpha: number;
  /** By how many the error may be divided when several comparisons are corrected together. */
  readonly comparisons: number;
}

/** Errors at which bounds are computed besides those that decide. */
const GRID = [1e-12, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 5e-3, 0.02, 0.1, 0.2, 0.4, 0.7, 0.95];

/** Beyond so many comparisons the divided errors are interpolated, too: each costs as much as all bounds. */
const MOST_EXACT = 10;

/** A level of one look beside the error over all looks that it stands for, both as logarithms. */
interface Node {
  readonly logNominal: number;
  readonly logError: number;
}

/** Makes bounds, and remembers them: those of many looks take some hundredths of a second. */
export function createBoundsSource(): (question: BoundsQuestion) => SequentialBounds {
  const known = new Map<string, readonly LookBound[]>();
  const boundsOf = (fractions: readonly number[], alpha: number): readonly LookBound[] => {
    const key = `${alpha}:${fractions.join(" ")}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const bounds = groupSequentialBounds({ infoFractions: fractions, alpha, spending: { kind: "obrien_fleming" } });
    known.set(key, bounds);
    return bounds;
  };
  return (question) => sequentialBounds(question, boundsOf);
}

/** Sets of bounds that are remembered; one has at most some hundred numbers. */
const MOST_REMEMBERED = 2_000;

function sequentialBounds(
  { alpha, comparisons, fractions }: BoundsQuestion,
  boundsOf: (fractions: readonly number[], alpha: number) => readonly LookBound[],
): SequentialBounds {
  const exact = Array.from({ length: Math.min(MOST_EXACT, comparisons) }, (_, index) => alpha / (index + 1));
  const errors = [...new Set([...GRID, ...exact])].toSorted((a, b) => a - b);
  const levelAt = (error: number, look: number): number => Math.log(boundsOf(fractions, error)[look]?.nominalP ?? 0);
  return {
    at: (look) => {
      const bound = boundsOf(fractions, alpha)[look];
      if (bound === undefined) throw new RangeError(`There is no look ${look} of ${fractions.length}.`);
      return bound;
    },
    repeated: (looks) => {
      const rejects = (error: number): boolean => looks.some(({ look, logP }) => logP <= levelAt(error, look));
      const upper = firstThat(errors, rejects);
      const logErrors = looks.map(({ look, logP }) =>
        errorAt(logP, {
          lower: nodeOf(errors[upper - 1], (error) => levelAt(error, look)),
          upper: nodeOf(errors[upper], (error) => levelAt(error, look)),
        }),
      );
      return pValueOf(Math.min(0, ...logErrors));
    },
  };
}

/** The place of the first of ascending errors that rejects; rejecting at one means rejecting at all larger ones. */
function firstThat(errors: readonly number[], rejects: (error: number) => boolean): number {
  let [low, high] = [0, errors.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rejects(errors[middle] ?? 1)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function nodeOf(error: number | undefined, levelAt: (error: number) => number): Node | undefined {
  return error === undefined ? undefined : { logNominal: levelAt(error), logError: Math.log(error) };
}

/** Everything rejects at an error of 1. */
const CERTAIN: Node = { logNominal: 0, logError: 0 };

/** ln of the error whose level at a look is the given one, from the errors around it; 0 when it lies above them. */
function errorAt(
  logP: number,
  { lower, upper = CERTAIN }: { readonly lower: Node | undefined; readonly upper: Node | undefined },
): number {
  if (logP > upper.logNominal) return 0;
  if (lower === undefined || lower.logNominal === -Infinity) {
    // Below the grid: in proportion, as the tail of a normal distribution is at a fixed fraction.
    return upper.logNominal === 0 ? upper.logError : (logP / upper.logNominal) * upper.logError;
  }
  const share = (logP - lower.logNominal) / (upper.logNominal - lower.logNominal);
  const between = lower.logError + share * (upper.logError - lower.logError);
  // Rounding must not carry it to the lower error, with which the look does not reject.
  return Math.min(upper.logError, Math.max(between, lower.logError * (1 - 4 * Number.EPSILON)));
}
