import type { ArmMoments, MomentColumn } from "@lotty/domain";
import { type CoMoments, mergeCoMoments, NO_CO_MOMENTS } from "@lotty/stats";
import { inOrder } from "../comparison/arms.ts";
import type { CumulativeDay } from "../looks/schedule-looks.ts";

/** All subjects up to a day of exposure, variant by variant. */
export interface ArmsUpTo extends CumulativeDay {
  readonly arms: ReadonlyMap<string, CoMoments>;
}

/** Adds up days of exposure: each day with all days before it. Variants without subjects are there, too. */
export function cumulativeDays(
  days: readonly ArmMoments[],
  columns: readonly MomentColumn[],
  variantIds: readonly string[],
): readonly ArmsUpTo[] {
  const byDay = Map.groupBy(days, ({ cohortDay }) => cohortDay ?? "");
  let sofar: ReadonlyMap<string, CoMoments> = new Map(variantIds.map((id) => [id, NO_CO_MOMENTS]));
  return [...byDay.keys()].toSorted().map((day) => {
    const added = byDay.get(day) ?? [];
    sofar = new Map(
      variantIds.map((id) => {
        const own = added.filter(({ variantId }) => variantId === id).map((arm) => inOrder(arm, columns));
        return [id, mergeCoMoments([sofar.get(id) ?? NO_CO_MOMENTS, ...own])];
      }),
    );
    const sizes = [...sofar.values()].map(({ n }) => n);
    return { day, arms: sofar, total: sizes.reduce((sum, n) => sum + n, 0), smallest: Math.min(...sizes) };
  });
}
