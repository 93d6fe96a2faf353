import type {
  AnalysisPlan,
  Experiment,
  ExperimentReport,
  Flag,
  Instant,
  LedgerPage,
  ReportedVariant,
} from "@lotty/domain";
import { analyse } from "../analyse.ts";
import { interventionsOf } from "../interventions/interventions-of.ts";
import type { MetricData, ReportContext } from "../results/metric-data.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { type MetricInPlan, plannedMetrics } from "./planned-metrics.ts";
import { readMetric } from "./read-metric.ts";
import { readTrust } from "./read-trust.ts";
import type { ResultsPorts, ResultsQuestion } from "./results-ports.ts";
import { dayOf } from "./whole-days.ts";

/** Which lines of the ledger are asked for. */
export interface LedgerQuestion extends ResultsQuestion {
  /** Key or id of a metric of the plan. */
  readonly metric: string;
  readonly variantId: string;
  /** The subject to go on after; `null` from the first. */
  readonly after: string | null;
  /** Most lines, from 1. */
  readonly limit: number;
}

/** Results of experiments. */
export interface Results {
  /**
   * Everything that is known of an experiment; `undefined` when there is none of that id.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  report(question: ResultsQuestion): Promise<ExperimentReport | undefined>;

  /**
   * What a number is made of, subject by subject; `undefined` when there is no such experiment, or its plan has no such metric.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  ledger(question: LedgerQuestion): Promise<LedgerPage | undefined>;
}

/** Makes results on their ports. */
export function createResults(ports: ResultsPorts): Results {
  return {
    report: async (question) => {
      const found = await findExperiment(ports, question);
      return found === undefined ? undefined : reportOf(ports, question, found);
    },
    ledger: async ({ after, limit, metric: name, variantId, ...question }) => {
      const found = await findExperiment(ports, question);
      if (found?.plan === undefined) return undefined;
      const planned = await plannedMetrics(ports.metrics, question.environmentId, found.plan);
      const metric = planned.find(({ metric: { id, key } }) => key === name || id === name.toLowerCase())?.metric;
      if (metric === undefined) return undefined;
      const asked = { ...spanOf(question, found.plan), metric, completeOnly: true, by: "nothing" } as const;
      return ports.funnel?.ledger({ ...asked, variantId, after, limit });
    },
  };
}

interface FoundExperiment {
  readonly experiment: Experiment;
  readonly flag: Flag | undefined;
  readonly startedAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly plan: AnalysisPlan | undefined;
}

async function findExperiment(
  { plans, store }: ResultsPorts,
  { environmentId, experimentId }: ResultsQuestion,
): Promise<FoundExperiment | undefined> {
  const { experiments, flags } = await store.load(environmentId);
  const experiment = experiments.find(({ id }) => id === experimentId);
  if (experiment === undefined) return undefined;
  const [details, plan] = await Promise.all([
    store.experimentDetails(environmentId, experimentId),
    plans.find(environmentId, experimentId),
  ]);
  // An experiment from a definitions file may run without anybody having started it.
  const started = STARTED.has(experiment.status) ? experiment.updatedAt : null;
  return {
    experiment,
    flag: flags.find(({ id }) => id === experiment.flagId),
    startedAt: details?.startedAt ?? started,
    completedAt: details?.completedAt ?? null,
    plan,
  };
}

const STARTED: ReadonlySet<string> = new Set(["running", "paused", "completed", "archived"]);

async function reportOf(
  ports: ResultsPorts,
  question: ResultsQuestion,
  found: FoundExperiment,
): Promise<ExperimentReport> {
  const { environmentId, experimentId } = question;
  const { experiment, plan, startedAt } = found;
  const now = ports.clock.now();
  const variants = reportedVariants(experiment);
  const shown = variants.filter(({ id, isControl }) => isControl || (question.variantIds?.includes(id) ?? true));
  const exploratory = question.from !== undefined || question.to !== undefined;
  const head = {
    experimentId,
    experimentKey: experiment.key,
    status: experiment.status,
    at: now,
    exploratory,
    ...priorOf(question),
    variants: shown,
    interventions: interventionsOf(await ports.history.experimentWritings(environmentId, experimentId)),
  };
  if (plan === undefined) {
    const nothing = { started: startedAt !== null, exploratory, variants, trust: [], metrics: [] };
    const verdict = verdictOf({ plan: null, ...nothing, ended: false, daysLeft: null });
    return { ...head, watermark: null, plan: null, planHash: null, deviations: [], verdict, ...EMPTY };
  }
  const planned = await plannedMetrics(ports.metrics, environmentId, plan);
  const deviations = await ports.plans.deviations(environmentId, experimentId);
  const span = spanOf(question, plan);
  const context: ReportContext = {
    plan,
    variants: variants.filter(({ isControl, share }) => isControl || share > 0),
    startDay: await firstDay(ports, { ...span, planned, startedAt: startedAt ?? now }),
    exploratory,
    boundsOf: ports.boundsOf,
  };
  const read: MetricData[] = [];
  let watermark: Instant | null = null;
  for (const metric of planned) {
    const segmentsOf = ({ role }: MetricInPlan): readonly string[] => [
      ...new Set([...(role === "primary" ? plan.segments : []), question.segment ?? []].flat()),
    ];
    const one = await readMetric(metric, { moments: ports.moments, question: span, segmentsOf, context });
    read.push(one.data);
    watermark = one.watermark;
    await ports.breathe();
  }
  const exclusions = await exclusionsOf(ports, question, { found, now });
  const { funnel, trust } = await readTrust(ports, { question: span, planned, read, variants, exclusions });
  const { metrics, ...analysis } = analyse({
    plan,
    variants,
    metrics: read,
    trust,
    startedAt,
    startDay: context.startDay,
    now,
    exploratory,
    ...priorOf(question),
    boundsOf: ports.boundsOf,
  });
  const isShown = ({ variantId }: { readonly variantId: string }): boolean => shown.some(({ id }) => id === variantId);
  return {
    ...head,
    watermark,
    plan,
    planHash: ports.planHash(plan),
    deviations,
    ...analysis,
    funnel: funnel.variants.filter(isShown),
    losses: funnel.losses.filter(isShown),
    metrics: metrics.map((metric) => ({
      ...metric,
      variants: metric.variants.filter(isShown),
      segments: metric.segments.filter(isShown),
    })),
  };
}

function priorOf({ priorSd }: ResultsQuestion): Pick<ResultsQuestion, "priorSd"> {
  return priorSd === undefined ? {} : { priorSd };
}

const EMPTY = { trust: [], funnel: [], losses: [], metrics: [] } as const;

function spanOf(
  { environmentId, experimentId, from, to }: ResultsQuestion,
  { population }: AnalysisPlan,
): Parameters<typeof readTrust>[1]["question"] {
  return { environmentId, experimentId, population, from: from ?? null, to: to ?? null };
}

/** The day the experiment started, or the first day that anybody was exposed if that is earlier: clocks differ. */
async function firstDay(
  { moments }: ResultsPorts,
  {
    planned,
    startedAt,
    ...span
  }: ReturnType<typeof spanOf> & { readonly planned: readonly MetricInPlan[]; readonly startedAt: Instant },
): Promise<string> {
  const [first] = planned;
  const started = dayOf(startedAt);
  if (first === undefined || first.metric.definition.kind === "quantile") return started;
  const asked = { ...span, metric: first.metric, completeOnly: false, by: "cohort_day" } as const;
  const { arms } = await moments.moments({ ...asked, from: null, to: null });
  const days = arms.flatMap(({ cohortDay }) => (cohortDay === null ? [] : [cohortDay]));
  return [started, ...days].toSorted()[0] ?? started;
}

async function exclusionsOf(
  { exclusions }: ResultsPorts,
  { environmentId, experimentId }: ResultsQuestion,
  { found: { completedAt, flag, startedAt }, now }: { readonly found: FoundExperiment; readonly now: Instant },
): ReturnType<NonNullable<ResultsPorts["exclusions"]>> {
  if (exclusions === null || flag === undefined || startedAt === null) return null;
  return exclusions({ environmentId, experimentId, flagKey: flag.key, from: startedAt, to: completedAt ?? now });
}

/** The variants of an experiment, control first, with their shares of all weights. */
function reportedVariants({ variants }: Experiment): readonly ReportedVariant[] {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return variants
    .map(({ id, isControl, name, weight }) => ({ id, name, isControl, share: total === 0 ? 0 : weight / total }))
    .toSorted((one, other) => Number(other.isControl) - Number(one.isControl));
}
