import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Experiment } from "@lotty/domain";

/** One decision of the output. */
export interface DecisionLine {
  readonly flag: string;
  readonly value: unknown;
  readonly experiment_id: string | null;
  readonly variant_id: string | null;
  readonly reason: string;
}

/** One line of the output. */
export interface ResultLine {
  readonly subject_id: string;
  readonly decisions: readonly DecisionLine[];
}

/** Reads the output line by line. */
export async function* readResults(file: string): AsyncGenerator<ResultLine> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    yield JSON.parse(line) as ResultLine;
  }
}

/** How often each variant and each reason came out. */
export interface Counts {
  readonly lines: number;
  readonly byVariant: ReadonlyMap<string, number>;
  readonly byReason: ReadonlyMap<string, number>;
}

/** Counts the output. */
export async function countResults(file: string): Promise<Counts> {
  const byVariant = new Map<string, number>();
  const byReason = new Map<string, number>();
  let lines = 0;
  for await (const { decisions } of readResults(file)) {
    lines += 1;
    for (const { reason, variant_id } of decisions) {
      byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
      if (variant_id !== null) byVariant.set(variant_id, (byVariant.get(variant_id) ?? 0) + 1);
    }
  }
  return { lines, byVariant, byReason };
}

/** Pearson's chi-square of the variants' counts against their weights. */
export function chiSquare(
  experiment: Experiment,
  counts: Counts,
): { readonly statistic: number; readonly degrees: number; readonly subjects: number } {
  const weights = experiment.variants.filter((variant) => variant.weight > 0);
  const totalWeight = weights.reduce((sum, variant) => sum + variant.weight, 0);
  const observed = weights.map((variant) => counts.byVariant.get(variant.id) ?? 0);
  const subjects = observed.reduce((sum, count) => sum + count, 0);
  const statistic = weights.reduce((sum, { weight }, index) => {
    const expected = (subjects * weight) / totalWeight;
    return sum + ((observed[index] ?? 0) - expected) ** 2 / expected;
  }, 0);
  return { statistic, degrees: weights.length - 1, subjects };
}

/**
 * The 0.1 % points of the chi-square distribution by degrees of freedom, from 1 on: a fair draw exceeds them once in a
 * thousand runs of another input, and never on the same input.
 */
const CRITICAL_0_1_PERCENT: readonly number[] = [10.828, 13.816, 16.266, 18.467, 20.515];

/** The largest chi-square that still counts as a fair draw. */
export function chiSquareLimit(degrees: number): number {
  const limit = CRITICAL_0_1_PERCENT[degrees - 1];
  if (limit === undefined) throw new RangeError(`No limit is known for ${degrees} degrees of freedom.`);
  return limit;
}
