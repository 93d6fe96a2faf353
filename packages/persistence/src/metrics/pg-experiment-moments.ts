import {
  type ExperimentMoments,
  type MeterMaker,
  type MetricMeter,
  momentsAnswer,
  type MomentsAnswer,
  type MomentsQuestion,
  type SubjectValue,
} from "@lotty/domain";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection, SqlRow } from "../sql/sql-pool.ts";
import { foldedMoments } from "./folded-moments.ts";
import { liveMoments } from "./live-moments.ts";
import { measureLive, type LiveSubject } from "./live-subjects.ts";
import { measureValues, OF_MEASURE, type MeasureKey } from "./measure-key.ts";
import type { Measured } from "./measure-subjects.ts";
import { readMeasureState } from "./measure-state.ts";
import { exposureSpan, type ExposureSpan } from "./moments-plan.ts";
import { numbersOf } from "./moments-sql.ts";

/** Runs a report on a connection: a read-only transaction that sees one moment. */
export type ReadWithin = <Result>(work: (connection: SqlConnection) => Promise<Result>) => Promise<Result>;

/** Subjects of one page of values. */
const PAGE = 2_000;

const VALUES = `SELECT to_json(subject_id) AS subject_id, variant_id, value, denominator, event_values, ${microsOf("window_end")} AS window_end FROM subject_metrics AS s
WHERE ${OF_MEASURE} AND window_end >= ${instantOf("$5::bigint")} AND window_end < ${instantOf("$6::bigint")}
  AND value IS NOT NULL AND ($7::text IS NULL OR subject_id > $7::text)
ORDER BY s.subject_id LIMIT $8`;

/** What a question is answered from. */
interface Ground {
  readonly key: MeasureKey;
  readonly meter: MetricMeter;
  readonly isFolded: boolean;
  readonly watermark: MomentsAnswer["watermark"];
  readonly span: ExposureSpan;
}

/**
 * What metrics measured, from Postgres, a standby of it, or PGlite. Metrics that are folded are read from sums and measures; others, and
 * everything about all who were assigned, straight from the events, which takes longer and says the same.
 */
export class PgExperimentMoments implements ExperimentMoments {
  readonly #read: ReadWithin;
  readonly #meterOf: MeterMaker;

  constructor(read: ReadWithin, meterOf: MeterMaker) {
    this.#read = read;
    this.#meterOf = meterOf;
  }

  moments(question: MomentsQuestion): Promise<MomentsAnswer> {
    return this.#read(async (connection) => {
      const ground = await this.#groundOf(connection, question);
      const { isFolded, key, meter, span, watermark } = ground;
      if (question.metric.definition.kind === "quantile") return { arms: [], watermark };
      const arms = isFolded
        ? await foldedMoments(connection, question, { key, span, windowMicros: meter.microsAfter })
        : await liveMoments(connection, question, ground);
      return arms === null ? { arms: [], tooManyValues: true, watermark } : momentsAnswer(arms, watermark);
    });
  }

  async *values(question: MomentsQuestion): AsyncIterable<SubjectValue> {
    let ground: Ground | undefined;
    let after: string | null = null;
    do {
      const page: ValuesPage = await this.#read(async (connection) => {
        // One ground for all pages: subjects are asked by the span that the first page began with.
        ground ??= await this.#groundOf(connection, question);
        return readValues(connection, question, { ground, after });
      });
      yield* page.values;
      after = page.next;
    } while (after !== null);
  }

  async #groundOf(connection: SqlConnection, question: MomentsQuestion): Promise<Ground> {
    const { environmentId, experimentId, metric, population } = question;
    const key = { environmentId, experimentId, metricId: metric.id, metricVersion: metric.version };
    const state = await readMeasureState(connection, key, population);
    const meter = this.#meterOf(metric.definition);
    return { key, meter, ...state, span: exposureSpan(question, state.watermark, meter.microsAfter) };
  }
}

interface ValuesPage {
  readonly values: readonly SubjectValue[];
  readonly next: string | null;
}

async function readValues(
  connection: SqlConnection,
  question: MomentsQuestion,
  { after, ground }: { readonly ground: Ground; readonly after: string | null },
): Promise<ValuesPage> {
  const { isFolded, key, meter, span } = ground;
  if (!isFolded) {
    const { next, subjects } = await measureLive(connection, question, { span, meter, after, limit: PAGE });
    return { values: subjects.flatMap(toValues), next };
  }
  const { microsAfter } = meter;
  const bounds = [span.from + microsAfter, span.to + microsAfter, after, PAGE];
  const { rows } = await connection.query({ text: VALUES, values: [...measureValues(key), ...bounds] });
  const values = rows.map((row) => rowToValue(row, microsAfter));
  return { values, next: rows.length < PAGE ? null : (values.at(-1)?.subjectId ?? null) };
}

/** The subject's value, if it has one. */
function toValues({
  about: { exposedAt, variantId },
  measure,
  subjectId,
}: Measured<LiveSubject>): readonly SubjectValue[] {
  const { denominator, value, values } = measure;
  return value === null
    ? []
    : [{ subjectId, variantId, exposedAt, value, denominator, ...(values !== null && { values }) }];
}

function rowToValue(row: SqlRow, windowMicros: number): SubjectValue {
  const values = row["event_values"];
  return {
    subjectId: String(row["subject_id"]),
    variantId: String(row["variant_id"]),
    exposedAt: Number(row["window_end"]) - windowMicros,
    value: Number(row["value"]),
    denominator: Number(row["denominator"]),
    ...(values !== null && { values: numbersOf(values) }),
  };
}
