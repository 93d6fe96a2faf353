import type { ArmMoments, ExperimentMoments, Instant, MomentsQuestion } from "@lotty/domain";
import { lastLookDay } from "../results/plan-rules.ts";
import { cumulativeDays } from "../results/cumulative-days.ts";
import type { MetricData, ReportContext, SegmentData } from "../results/metric-data.ts";
import { collectValues } from "../results/quantile-values.ts";
import type { MetricInPlan } from "./planned-metrics.ts";
import { endOf, wholeThrough } from "./whole-days.ts";
import { columnsIn } from "../comparison/arms.ts";

/** What is asked of every metric of a report. */
export interface MetricReading {
  readonly moments: ExperimentMoments;
  readonly question: Omit<MomentsQuestion, "metric" | "completeOnly" | "by">;
  /** Names by which a metric of this part is split. */
  readonly segmentsOf: (metric: MetricInPlan) => readonly string[];
  readonly context: ReportContext;
}

/** What was read of a metric. */
export interface ReadMetric {
  readonly data: MetricData;
  readonly watermark: Instant | null;
}

/** Reads what was measured for a metric: whole days alone, and segments of the very subjects that the days are of. */
export async function readMetric(planned: MetricInPlan, reading: MetricReading): Promise<ReadMetric> {
  const { context, moments } = reading;
  const { metric } = planned;
  const question = { ...reading.question, metric, completeOnly: true };
  const answer = await moments.moments({ ...question, by: "cohort_day" });
  const whole = wholeThrough(answer.watermark, metric.definition.windowHours);
  const days = answer.arms.filter(({ cohortDay }) => whole !== null && cohortDay !== null && cohortDay <= whole);
  const isQuantile = metric.definition.kind === "quantile";
  const through = isQuantile ? whole : throughOf(days, context);
  const to = through === null ? null : earlier(question.to, endOf(through));
  const data: MetricData = {
    ...planned,
    days: isQuantile ? [] : days,
    values: isQuantile
      ? await (to === null ? new Map() : collectValues(moments.values({ ...question, to, by: "nothing" })))
      : null,
    wholeThrough: whole,
    ...(to === null || isQuantile
      ? { segments: [], unsplit: [] }
      : await readSegments({ ...question, to }, planned, reading)),
  };
  return { data, watermark: answer.watermark };
}

function throughOf(days: readonly ArmMoments[], context: ReportContext): string | null {
  const ids = context.variants.map(({ id }) => id);
  return lastLookDay(cumulativeDays(days, columnsIn(days), ids), context);
}

function earlier(one: Instant | null, other: Instant): Instant {
  return one === null ? other : Math.min(one, other);
}

async function readSegments(
  question: Omit<MomentsQuestion, "by">,
  planned: MetricInPlan,
  { moments, segmentsOf }: MetricReading,
): Promise<Pick<MetricData, "segments" | "unsplit">> {
  const segments: SegmentData[] = [];
  const unsplit: string[] = [];
  for (const name of segmentsOf(planned)) {
    const { arms, tooManyValues } = await moments.moments({ ...question, by: { segment: name } });
    if (tooManyValues === true) unsplit.push(name);
    else segments.push({ name, arms });
  }
  return { segments, unsplit };
}
