import type { CoMoments } from "@lotty/stats";

/** An arm of a family with several columns as the files have it: the means of an arm without subjects may be missing. */
export interface VectorCoMoments {
  readonly n: number;
  readonly mean: readonly (number | null)[];
  readonly m2: readonly (readonly (number | null)[])[];
}

/** Two arms, however they are given. */
export interface VectorArms<Arm> {
  readonly control: Arm;
  readonly treatment: Arm;
  readonly alpha: number;
}

/** Co-moments for the package, which does not read those of an arm without subjects. */
export function coMoments({ n, mean, m2 }: VectorCoMoments): CoMoments {
  return n === 0 ? { n, mean: [], m2: [] } : { n, mean: mean.map(known), m2: m2.map((row) => row.map(known)) };
}

function known(value: number | null): number {
  if (value === null) throw new Error("An arm with subjects has no moments.");
  return value;
}
