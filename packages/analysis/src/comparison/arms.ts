import type { ArmMoments, MomentColumn } from "@lotty/domain";
import { type CoMoments, mergeCoMoments } from "@lotty/stats";

/** Control and treatment in moments of the same columns. */
export interface ArmPair {
  readonly control: CoMoments;
  readonly treatment: CoMoments;
}

/** The order in which comparisons take columns. */
const ORDER: readonly MomentColumn[] = ["value", "denominator", "covariate", "covariate_denominator"];

/** The columns that arms have, in the order of comparisons. Arms without subjects have none. */
export function columnsIn(arms: readonly ArmMoments[]): readonly MomentColumn[] {
  const filled = arms.find(({ n }) => n > 0);
  return ORDER.filter((column) => filled?.columns.includes(column) === true);
}

/** The moments of an arm with the columns in an order. */
export function inOrder(arm: ArmMoments, columns: readonly MomentColumn[]): CoMoments {
  if (arm.n === 0) return { n: 0, mean: [], m2: [] };
  const places = columns.map((column) => arm.columns.indexOf(column));
  const pick = (values: readonly number[]): readonly number[] =>
    places.map((place) => values[place] ?? missing(arm.variantId));
  return { n: arm.n, mean: pick(arm.mean), m2: places.map((place) => pick(arm.m2[place] ?? [])) };
}

function missing(variantId: string): never {
  throw new RangeError(`The moments of variant ${variantId} lack a column that others have.`);
}

/** The moments of each variant over all parts that are about it. */
export function mergeByVariant(
  arms: readonly ArmMoments[],
  columns: readonly MomentColumn[],
): ReadonlyMap<string, CoMoments> {
  const groups = Map.groupBy(arms, ({ variantId }) => variantId);
  return new Map(
    [...groups].map(([variantId, parts]) => [variantId, mergeCoMoments(parts.map((part) => inOrder(part, columns)))]),
  );
}
