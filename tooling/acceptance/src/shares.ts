import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Experiment } from "@lotty/domain";
import { testSampleRatio, type SampleRatioTest } from "@lotty/stats";

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

/** Tests the variants' counts against their weights. */
export function sampleRatioOf({ variants }: Experiment, { byVariant }: Counts): SampleRatioTest {
  return testSampleRatio({
    counts: variants.map(({ id }) => byVariant.get(id) ?? 0),
    weights: variants.map(({ weight }) => weight),
  });
}
