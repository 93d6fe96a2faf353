import type { AnalysisPlan, Instant, MetricResult, ReportedVariant, TrustCheck, Verdict } from "@lotty/domain";
import { correctPValues } from "./results/correct-p-values.ts";
import type { MetricData, ReportContext } from "./results/metric-data.ts";
import { metricResult } from "./results/metric-result.ts";
import { correctSegments } from "./segments/segment-results.ts";
import { trustChecks } from "./trust/trust-checks.ts";
import type { TrustData } from "./trust/trust-data.ts";
import { daysLeft } from "./verdict/days-left.ts";
import { verdictOf } from "./verdict/verdict.ts";

/** All that results are made of. */
export interface AnalysisInput {
  readonly plan: AnalysisPlan;
  /** All variants, control among them. */
  readonly variants: readonly ReportedVariant[];
  readonly metrics: readonly MetricData[];
  readonly trust: TrustData;
  readonly startedAt: Instant | null;
  /** The first day of the experiment, `YYYY-MM-DD`. */
  readonly startDay: string;
  readonly now: Instant;
  readonly exploratory: boolean;
  /** For beliefs beside the results. */
  readonly priorSd?: number;
  readonly boundsOf: ReportContext["boundsOf"];
}

/** What they come to. */
export interface Analysis {
  readonly verdict: Verdict;
  readonly trust: readonly TrustCheck[];
  readonly metrics: readonly MetricResult[];
}

/** Takes a plan and what was measured to results: every decision by the plan's rules, none by anything else. */
export function analyse(input: AnalysisInput): Analysis {
  const { boundsOf, exploratory, plan, priorSd, startDay, startedAt } = input;
  const variants = input.variants.filter(({ isControl, share }) => isControl || share > 0);
  const prior = priorSd === undefined ? {} : { priorSd };
  const context: ReportContext = { plan, variants, startDay, exploratory, boundsOf, ...prior };
  const measured = input.metrics.map((data) => metricResult(data, context));
  const results = measured.map(({ result }) => result);
  const metrics = correctSegments(correctPValues(results, plan), plan.alpha);
  const trust = trustChecks(input.trust);
  const primary = measured.filter(({ result }) => result.role === "primary");
  const ended = primary.length > 0 && primary.every((metric) => metric.ended);
  const subjects = Math.max(0, ...primary.map(({ total }) => total));
  const verdict = verdictOf({
    plan,
    started: startedAt !== null,
    exploratory,
    variants,
    trust,
    metrics,
    ended,
    daysLeft: daysLeft(plan, { startedAt, now: input.now, subjects, ended }),
  });
  return { verdict, trust, metrics };
}
