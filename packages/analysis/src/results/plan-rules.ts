import type { EffectStatus, MetricResult, ReportedVariant } from "@lotty/domain";
import { type CumulativeDay, type LookSchedule, scheduleLooks } from "../looks/schedule-looks.ts";
import type { ReportContext } from "./metric-data.ts";

/** A metric's results, before p-values are corrected, and how far its plan has come. */
export interface MeasuredMetric {
  readonly result: MetricResult;
  /** Whether the plan is over for it. */
  readonly ended: boolean;
  /** Subjects of all variants that the numbers take in. */
  readonly total: number;
}

/** Subjects of both arms for which always-valid intervals are to be narrow: their share of the planned ones. */
export function tunedFor({ plan, variants }: ReportContext, pair: readonly ReportedVariant[]): number {
  const all = variants.reduce((sum, { share }) => sum + share, 0);
  const both = pair.reduce((sum, { share }) => sum + share, 0);
  return Math.max(2, ((plan.plannedSubjects ?? UNPLANNED_SUBJECTS) * both) / all);
}

/** What always-valid intervals are tuned to when nobody has said how many subjects are planned. */
const UNPLANNED_SUBJECTS = 5_000;

/** The looks of the plan; of a cut of the data, its last day. */
export function scheduleFor<Day extends CumulativeDay>(
  days: readonly Day[],
  { exploratory, plan, startDay }: Pick<ReportContext, "exploratory" | "plan" | "startDay">,
): LookSchedule<Day> {
  if (!exploratory) return scheduleLooks(plan, days, startDay);
  const day = days.at(-1);
  const enough = day !== undefined && day.smallest >= Math.max(2, plan.minimumSubjects);
  return { looks: enough ? [{ of: day, fraction: 1, last: true }] : [], ended: false };
}

/** The last day that the numbers of a metric take in; `null` before the first whole day. */
export function lastLookDay(days: readonly CumulativeDay[], context: ReportContext): string | null {
  return (scheduleFor(days, context).looks.at(-1)?.of ?? days.at(-1))?.day ?? null;
}

/** Why nothing may be said yet; `null` when something may. */
export function withheldBecause(
  looks: LookSchedule<CumulativeDay>["looks"],
  { exploratory, plan }: Pick<ReportContext, "exploratory" | "plan">,
): EffectStatus | null {
  const look = looks.at(-1);
  if (look === undefined) return "below_minimum";
  return plan.looking === "fixed" && !look.last && !exploratory ? "before_end" : null;
}
