import type { ArmMoments, FunnelAnswer, MomentsQuestion, ReportedVariant } from "@lotty/domain";
import type { CoMoments } from "@lotty/stats";
import { inOrder } from "../comparison/arms.ts";
import { cumulativeDays } from "../results/cumulative-days.ts";
import type { MetricData } from "../results/metric-data.ts";
import type { TrustData } from "../trust/trust-data.ts";
import type { ResultsPorts } from "./results-ports.ts";
import type { MetricInPlan } from "./planned-metrics.ts";

/** What the checks of trust are read by. */
export interface TrustReading {
  readonly question: Omit<MomentsQuestion, "metric" | "completeOnly" | "by">;
  readonly planned: readonly MetricInPlan[];
  readonly read: readonly MetricData[];
  readonly variants: readonly ReportedVariant[];
  readonly exclusions: TrustData["exclusions"];
}

/** What was read for the checks, with the way from decisions to numbers that is shown beside them. */
export interface ReadTrust {
  readonly trust: TrustData;
  readonly funnel: FunnelAnswer;
}

/** Reads all that the checks of trust look at. The way of the subjects is that of the first metric of the plan. */
export async function readTrust(
  { funnel: port, moments }: Pick<ResultsPorts, "funnel" | "moments">,
  { exclusions, planned, question, read, variants }: TrustReading,
): Promise<ReadTrust> {
  const { environmentId, experimentId, population } = question;
  const [first] = planned;
  const ofFirst = first && ({ ...question, metric: first.metric, completeOnly: false, by: "nothing" } as const);
  const funnel = ofFirst === undefined || port === null ? NO_FUNNEL : await port.funnel(ofFirst);
  const several = port === null ? null : await port.severalVariants(environmentId, experimentId);
  const everybody = planned.find(({ metric: { definition } }) => countsEverybody(definition));
  const days =
    everybody &&
    (await moments.moments({ ...question, metric: everybody.metric, completeOnly: false, by: "cohort_day" })).arms;
  const trust: TrustData = {
    variants,
    population,
    funnel: funnel.variants,
    daily: days === undefined ? null : dailyCounts(days),
    several,
    covariates: read.flatMap((data) => covariatesOf(data, variants)),
    exclusions,
  };
  return { trust, funnel };
}

const NO_FUNNEL: FunnelAnswer = { variants: [], losses: [], watermark: null };

/** Whether all subjects of the population have a value, so that its counts are the population's. */
function countsEverybody({ dropsZeros, kind }: MetricInPlan["metric"]["definition"]): boolean {
  return !dropsZeros && kind !== "mean" && kind !== "quantile";
}

function dailyCounts(days: readonly ArmMoments[]): readonly ReadonlyMap<string, number>[] {
  return [...Map.groupBy(days, ({ cohortDay }) => cohortDay ?? "")]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, arms]) => new Map(arms.map(({ n, variantId }) => [variantId, n])));
}

function covariatesOf({ days, metric }: MetricData, variants: readonly ReportedVariant[]): TrustData["covariates"] {
  const columns = days.find(({ n }) => n > 0)?.columns ?? [];
  const wanted = (["covariate", "covariate_denominator"] as const).filter((column) => columns.includes(column));
  // The denominator of a covariate is there for ratios alone: that of other metrics is 1 for everybody.
  const used = columns.includes("denominator") ? wanted : wanted.slice(0, 1);
  if (used.length === 0) return [];
  const all = cumulativeDays(
    days.map((arm) => ({ ...arm, columns: used, ...pick(inOrder(arm, used)) })),
    used,
    variants.map(({ id }) => id),
  ).at(-1);
  return all === undefined ? [] : [{ metric, arms: all.arms }];
}

function pick({ m2, mean }: CoMoments): Pick<CoMoments, "mean" | "m2"> {
  return { mean, m2 };
}
