import {
  LOSS_CAUSES,
  type ExperimentFunnel,
  type FunnelAnswer,
  type LedgerLine,
  type LedgerPage,
  type MeterMaker,
  type MomentsQuestion,
} from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import { measureValues } from "./measure-key.ts";
import { readMeasureState, type MeasureState } from "./measure-state.ts";
import { exposureSpan, type ExposureSpan } from "./moments-plan.ts";
import type { ReadWithin } from "./pg-experiment-moments.ts";
import { readOutcomes, type SubjectOutcome } from "./subject-outcomes.ts";

/** Subjects that are looked at at a time where nothing is folded. */
const PAGE = 1_000;

/** Events that a line of the ledger names. */
const MAX_EVENTS = 100;

/**
 * The same outcomes as `readOutcomes` gives, from what is folded. The inner query stands for itself, so that the planner expects few outcomes, and has
 * each of its processes count its own share.
 */
const COUNTED = `SELECT variant_id, outcome, count(*) AS subjects FROM (
  SELECT a.variant_id, CASE
      WHEN f.subject_id IS NULL AND p.subject_id IS NOT NULL THEN 'awaiting_exposure'
      WHEN f.subject_id IS NULL THEN 'not_exposed'
      WHEN f.several THEN 'several_variants'
      WHEN s.subject_id IS NULL THEN 'no_event'
      WHEN s.events = 0 THEN s.missed
      WHEN s.value IS NULL THEN 'zero_dropped'
      WHEN s.window_end > ${instantOf("$7::bigint")} THEN 'window_open'
      ELSE 'counted' END AS outcome
  FROM assignments AS a
  LEFT JOIN first_exposures AS f ON f.environment_id = $1 AND f.experiment_id = $2 AND f.subject_id = a.subject_id
  LEFT JOIN subject_metrics AS s ON s.environment_id = $1 AND s.experiment_id = $2 AND s.metric_id = $3 AND s.metric_version = $4
    AND s.subject_id = a.subject_id
  LEFT JOIN (
    SELECT DISTINCT subject_id FROM pending_exposures WHERE environment_id = $1 AND outcome IS NULL
  ) AS p ON p.subject_id = a.subject_id
  WHERE a.environment_id = $1 AND a.experiment_id = $2
    AND coalesce(f.first_exposed_at, a.first_decided_at) >= ${instantOf("$5::bigint")}
    AND coalesce(f.first_exposed_at, a.first_decided_at) < ${instantOf("$6::bigint")}
  OFFSET 0
) AS judged GROUP BY 1, 2 ORDER BY 1, 2`;

const EVENTS = `SELECT asked.n, (
  SELECT coalesce(json_agg(own.event_id ORDER BY own.occurred_at, own.event_id), '[]') FROM (
    SELECT e.event_id, e.occurred_at FROM events AS e
    WHERE e.environment_id = $1 AND e.subject_id = asked.subject_id COLLATE "C" AND e.event_type = ANY ($4::text[])
      AND e.occurred_at >= ${instantOf("asked.exposed")} AND e.occurred_at < ${instantOf("(asked.exposed + $5::bigint)")}
    ORDER BY e.occurred_at, e.event_id LIMIT ${MAX_EVENTS}
  ) AS own
) AS ids
FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS asked (subject_id, exposed, n)`;

const SEVERAL = `SELECT count(*) FILTER (WHERE several) AS several, count(*) AS exposed FROM first_exposures
WHERE environment_id = $1 AND experiment_id = $2`;

/** How many subjects of a variant came to an outcome. */
interface OutcomeCount {
  readonly variantId: string;
  readonly outcome: LedgerLine["outcome"];
  readonly subjects: number;
}

/** Opens numbers into what they are made of, from Postgres, a standby of it, or PGlite. */
export class PgExperimentFunnel implements ExperimentFunnel {
  readonly #read: ReadWithin;
  readonly #meterOf: MeterMaker;

  constructor(read: ReadWithin, meterOf: MeterMaker) {
    this.#read = read;
    this.#meterOf = meterOf;
  }

  funnel(question: MomentsQuestion): Promise<FunnelAnswer> {
    return this.#read(async (connection) => {
      const { meter, span, state } = await this.#groundOf(connection, question);
      const counts = state.isFolded
        ? await foldedCounts(connection, question, { state, span })
        : await this.#liveCounts(connection, question, { meter, span, watermark: state.watermark });
      return { ...funnelOf(counts), watermark: state.watermark };
    });
  }

  ledger(
    question: MomentsQuestion & { readonly variantId: string; readonly after: string | null; readonly limit: number },
  ): Promise<LedgerPage> {
    const { after, limit, variantId } = question;
    return this.#read(async (connection) => {
      const { meter, span, state } = await this.#groundOf(connection, question);
      const page = { variantId, after, limit, meter, span, watermark: state.watermark };
      const outcomes = await readOutcomes(connection, question, page);
      const lines = await withEvents(connection, outcomes, { environmentId: question.environmentId, meter });
      return { lines, next: outcomes.length < limit ? null : (outcomes.at(-1)?.subjectId ?? null) };
    });
  }

  severalVariants(environmentId: string, experimentId: string): ReturnType<ExperimentFunnel["severalVariants"]> {
    return this.#read(async (connection) => {
      const { rows } = await connection.query({ text: SEVERAL, values: [environmentId, experimentId] });
      return { several: Number(rows[0]?.["several"]), exposed: Number(rows[0]?.["exposed"]) };
    });
  }

  async #groundOf(connection: SqlConnection, question: MomentsQuestion): Promise<Ground> {
    const { environmentId, experimentId, metric, population } = question;
    const key = { environmentId, experimentId, metricId: metric.id, metricVersion: metric.version };
    const state = await readMeasureState(connection, key, population);
    const meter = this.#meterOf(metric.definition);
    // Who is still in an open window has not been lost before: they are told apart at the end.
    const span = exposureSpan({ ...question, completeOnly: false }, state.watermark, meter.microsAfter);
    return { state, meter, span };
  }

  async #liveCounts(
    connection: SqlConnection,
    question: MomentsQuestion,
    ground: Pick<Ground, "meter" | "span"> & Pick<MeasureState, "watermark">,
  ): Promise<readonly OutcomeCount[]> {
    const counts = new Map<string, OutcomeCount>();
    let after: string | null = null;
    do {
      const page: readonly SubjectOutcome[] = await readOutcomes(connection, question, {
        ...ground,
        variantId: null,
        after,
        limit: PAGE,
      });
      for (const { outcome, variantId } of page) {
        const key = `${variantId} ${outcome}`;
        counts.set(key, { variantId, outcome, subjects: (counts.get(key)?.subjects ?? 0) + 1 });
      }
      after = page.length < PAGE ? null : (page.at(-1)?.subjectId ?? null);
    } while (after !== null);
    return [...counts.values()];
  }
}

interface Ground {
  readonly state: MeasureState;
  readonly meter: ReturnType<MeterMaker>;
  readonly span: ExposureSpan;
}

async function foldedCounts(
  connection: SqlConnection,
  { completeOnly, environmentId, experimentId, metric }: MomentsQuestion,
  { span, state }: Pick<Ground, "state" | "span">,
): Promise<readonly OutcomeCount[]> {
  // Right after much was written there are no statistics yet, and the planner would compare each subject with every other one.
  await connection.query({ text: "SELECT set_config('enable_nestloop', 'off', true)" });
  const key = { environmentId, experimentId, metricId: metric.id, metricVersion: metric.version };
  // Without a watermark that matters no window is open.
  const open = completeOnly ? state.watermark : FAR_AWAY;
  const { rows } = await connection.query({ text: COUNTED, values: [...measureValues(key), span.from, span.to, open] });
  return rows.map((row) => ({
    variantId: String(row["variant_id"]),
    outcome: OUTCOMES.find((outcome) => outcome === row["outcome"]) ?? "no_event",
    subjects: Number(row["subjects"]),
  }));
}

/** In the year 2255, up to which instants are safe integers. */
const FAR_AWAY = 9_000_000_000_000_000;

const OUTCOMES: readonly LedgerLine["outcome"][] = ["counted", ...LOSS_CAUSES];

/** Outcomes of subjects that were exposed to one variant and have an event in the window. */
const ATTRIBUTED: readonly LedgerLine["outcome"][] = ["counted", "zero_dropped", "window_open"];

function funnelOf(counts: readonly OutcomeCount[]): Omit<FunnelAnswer, "watermark"> {
  const sum = (some: readonly OutcomeCount[]): number => some.reduce((total, { subjects }) => total + subjects, 0);
  const byVariant = [...Map.groupBy(counts, ({ variantId }) => variantId)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const variants = byVariant.map(([variantId, own]) => ({
    variantId,
    decided: sum(own),
    exposed: sum(own.filter(({ outcome }) => outcome !== "not_exposed" && outcome !== "awaiting_exposure")),
    attributed: sum(own.filter(({ outcome }) => ATTRIBUTED.includes(outcome))),
    counted: sum(own.filter(({ outcome }) => outcome === "counted")),
  }));
  const losses = byVariant.flatMap(([variantId, own]) =>
    LOSS_CAUSES.flatMap((cause) => {
      const subjects = sum(own.filter(({ outcome }) => outcome === cause));
      return subjects === 0 ? [] : [{ variantId, cause, subjects }];
    }),
  );
  return { variants, losses };
}

async function withEvents(
  connection: SqlConnection,
  outcomes: readonly SubjectOutcome[],
  { environmentId, meter }: { readonly environmentId: string; readonly meter: Ground["meter"] },
): Promise<readonly LedgerLine[]> {
  const begun = outcomes.filter(({ exposedAt }) => exposedAt !== null);
  const { rows } = await connection.query({
    text: EVENTS,
    values: [
      environmentId,
      textArray(begun.map(({ subjectId }) => subjectId)),
      plainArray(begun.map(({ exposedAt }) => exposedAt)),
      textArray(meter.eventTypes),
      meter.microsAfter,
    ],
  });
  const ids = new Map<SubjectOutcome | undefined, readonly string[]>();
  for (const row of rows) ids.set(begun[Number(row["n"]) - 1], readTexts(row["ids"]));
  return outcomes.map((outcome) => {
    const { decisionId, exposureEventId, outcome: end, subjectId, variantId } = outcome;
    return { subjectId, variantId, outcome: end, decisionId, exposureEventId, eventIds: ids.get(outcome) ?? [] };
  });
}

function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
