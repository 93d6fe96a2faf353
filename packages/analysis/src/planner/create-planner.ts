import {
  type AnalysisPlan,
  type Clock,
  formatInstant,
  type Instant,
  type Metric,
  type MetricCatalogue,
  type MetricHistory,
  MICROS_PER_DAY,
} from "@lotty/domain";
import { baselineOf } from "./baseline-of.ts";
import { type Baseline, planSize, type PlannedSize } from "./plan-size.ts";

/** What planners read. */
export interface PlannerPorts {
  readonly metrics: MetricCatalogue;
  /** `null` where no past is on record. */
  readonly history: MetricHistory | null;
  /** Subjects a day that an experiment would get, by what was decided for its flag since an instant; `undefined` when there is no such experiment. */
  readonly traffic: (question: {
    readonly environmentId: string;
    readonly experimentId: string;
    readonly from: Instant;
    readonly to: Instant;
  }) => Promise<number | undefined>;
  readonly clock: Clock;
}

/** What somebody wants to know before an experiment. What is not said is taken from the past where that is on record. */
export interface PlannerQuestion {
  readonly environmentId: string;
  /** Key or id of a metric, whose past is the baseline. */
  readonly metric?: string;
  readonly baseline?: Baseline;
  /** Whose traffic is taken. */
  readonly experimentId?: string;
  readonly subjectsPerDay?: number;
  /** How far back to look, whole days from 1. */
  readonly historyDays: number;
  readonly alpha: number;
  readonly power: number;
  readonly arms: number;
  readonly looking: AnalysisPlan["looking"];
  /** Share of the variance that a covariate takes away, from 0 to below 1; `null` to take it from the metric's past. */
  readonly varianceReduction: number | null;
  readonly minimumEffect: number | null;
  readonly margin: number | null;
  readonly durationDays: number | null;
}

/** A size with what it rests on. */
export type PlannerAnswer =
  | (PlannedSize & {
      readonly status: "ok";
      readonly baseline: Baseline;
      readonly varianceReduction: number;
      readonly subjectsPerDay: number | null;
      /** What was taken from where, in sentences. */
      readonly sources: readonly string[];
    })
  | {
      /** Why there is no answer. */
      readonly status: "unknown_metric" | "unknown_experiment" | "no_baseline" | "quantile";
      readonly message: string;
    };

/** Plans sizes before experiments. */
export interface Planner {
  /** @throws LottyError `invalid_request`; `database_unavailable`, `timeout` */
  plan(question: PlannerQuestion): Promise<PlannerAnswer>;
}

/** Most subjects that a baseline is taken from: enough for the third digit of a deviation. */
const MOST_SUBJECTS = 20_000;

/** Makes a planner on its ports. */
export function createPlanner(ports: PlannerPorts): Planner {
  return {
    plan: async (question) => {
      const to = ports.clock.now();
      const span = { from: to - question.historyDays * MICROS_PER_DAY, to };
      const baseline = await findBaseline(ports, question, span);
      if (baseline.status !== "ok") return baseline;
      const traffic = await findTraffic(ports, question, span);
      if (traffic.status !== "ok") return traffic;
      const subjectsPerDay = traffic.subjectsPerDay;
      const past = baseline.varianceReduction;
      const varianceReduction = question.varianceReduction ?? past ?? 0;
      const size = planSize({ ...question, baseline: baseline.baseline, varianceReduction, subjectsPerDay });
      const sources = [
        ...baseline.sources,
        ...(question.varianceReduction === null && past !== null ? [reductionSource(past)] : []),
        ...traffic.sources,
        ...lookingSource(question, size),
      ];
      return { status: "ok", ...size, baseline: baseline.baseline, varianceReduction, subjectsPerDay, sources };
    },
  };
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

type Missing = Extract<PlannerAnswer, { readonly message: string }>;

type FoundBaseline =
  | {
      readonly status: "ok";
      readonly baseline: Baseline;
      /** By the covariate in the metric's past; `null` when that is not known. */
      readonly varianceReduction: number | null;
      readonly sources: readonly string[];
    }
  | Missing;

async function findBaseline(
  { history, metrics }: PlannerPorts,
  { baseline, environmentId, metric: name }: PlannerQuestion,
  span: Span,
): Promise<FoundBaseline> {
  if (baseline !== undefined) {
    return {
      status: "ok",
      baseline,
      varianceReduction: null,
      sources: ["The baseline is the one that was given."],
    };
  }
  const metric = (await metrics.list(environmentId)).find(({ id, key }) => key === name || id === name?.toLowerCase());
  if (metric === undefined) {
    const message = name === undefined ? "Name a metric, or give a baseline." : `There is no metric ${name}.`;
    return { status: "unknown_metric", message };
  }
  if (metric.definition.kind === "quantile") {
    const message = "Quantiles are not planned by mean and deviation; give a baseline of what stands for one.";
    return { status: "quantile", message };
  }
  const values = history === null ? [] : await history.values(metric, { ...span, limit: MOST_SUBJECTS });
  const found = baselineOf(values, metric.definition);
  if (found === null) {
    const message = `${metric.key} has no past to plan with: ${values.length} subjects ${since(span)}.`;
    return { status: "no_baseline", message };
  }
  const { mean, sd, varianceReduction } = found;
  return { status: "ok", baseline: { mean, sd }, varianceReduction, sources: [sourceOf(metric, values.length, span)] };
}

function sourceOf({ key, version }: Metric, subjects: number, span: Span): string {
  const sample = subjects === MOST_SUBJECTS ? "a sample of " : "";
  return `Mean and deviation are those of ${key}, version ${version}, over ${sample}${subjects} subjects ${since(span)}.`;
}

function reductionSource(share: number): string {
  return `The covariate takes ${(share * 100).toFixed(0)}% of the variance away: what came before tells as much of the same subjects' measures.`;
}

function since({ from, to }: Span): string {
  return `from ${formatInstant(from).slice(0, 10)} to ${formatInstant(to).slice(0, 10)}`;
}

type FoundTraffic =
  | { readonly status: "ok"; readonly subjectsPerDay: number | null; readonly sources: readonly string[] }
  | Missing;

async function findTraffic(
  { traffic }: PlannerPorts,
  { environmentId, experimentId, subjectsPerDay }: PlannerQuestion,
  span: Span,
): Promise<FoundTraffic> {
  if (subjectsPerDay !== undefined) {
    return { status: "ok", subjectsPerDay, sources: ["The traffic is the one that was given."] };
  }
  if (experimentId === undefined) {
    return { status: "ok", subjectsPerDay: null, sources: ["No traffic is known, so there is no duration."] };
  }
  const found = await traffic({ environmentId, experimentId, ...span });
  if (found === undefined) return { status: "unknown_experiment", message: `There is no experiment ${experimentId}.` };
  const source = `${found.toFixed(1)} subjects a day are what was decided for on the experiment's flag ${since(span)}, by its share of the traffic.`;
  return { status: "ok", subjectsPerDay: found === 0 ? null : found, sources: [source] };
}

function lookingSource({ looking }: PlannerQuestion, { lookingFactor }: PlannedSize): readonly string[] {
  if (looking === "fixed") return [];
  const more = `${((lookingFactor - 1) * 100).toFixed(1)}% more subjects than a single look`;
  return looking === "group_sequential"
    ? [`Daily looks need ${more}, and end earlier when the effect is larger.`]
    : [`Intervals that hold at any time need ${more} for the same power at the planned size.`];
}
