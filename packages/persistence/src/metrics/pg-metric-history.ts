import type { MeterMaker, Metric, MetricHistory, PastValue } from "@lotty/domain";
import { smallestId } from "../partitions/partition-day.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import { measureSubjects } from "./measure-subjects.ts";
import type { ReadWithin } from "./pg-experiment-moments.ts";

/** Subjects that are measured at a time. */
const PAGE = 1_000;

/** The hash is of the id alone, so that the sample does not change with what happens. */
const SEEN = `SELECT to_json(subject_id) AS subject_id, ${microsOf("min(at)")} AS first_at FROM (
  SELECT subject_id, decided_at AS at FROM decisions
  WHERE decision_id >= $2 AND decision_id < $3 AND environment_id = $1
    AND decided_at >= ${instantOf("$4::bigint")} AND decided_at < ${instantOf("$5::bigint")}
  UNION ALL
  SELECT subject_id, occurred_at FROM events
  WHERE environment_id = $1 AND occurred_at >= ${instantOf("$4::bigint")} AND occurred_at < ${instantOf("$5::bigint")}
) AS seen
GROUP BY seen.subject_id ORDER BY md5(seen.subject_id), seen.subject_id LIMIT $6`;

/** A metric over the recorded past, from Postgres, a standby of it, or PGlite. Reads all events of the span. */
export class PgMetricHistory implements MetricHistory {
  readonly #read: ReadWithin;
  readonly #meterOf: MeterMaker;

  constructor(read: ReadWithin, meterOf: MeterMaker) {
    this.#read = read;
    this.#meterOf = meterOf;
  }

  values(
    { definition, environmentId }: Metric,
    { from, limit, to }: Parameters<MetricHistory["values"]>[1],
  ): Promise<readonly PastValue[]> {
    const meter = this.#meterOf(definition);
    return this.#read(async (connection) => {
      const values = [environmentId, smallestId(from), smallestId(to), from, to, limit];
      const { rows } = await connection.query({ text: SEEN, values });
      const measured: PastValue[] = [];
      for (let start = 0; start < rows.length; start += PAGE) {
        const page = await measureSubjects(
          connection,
          environmentId,
          rows.slice(start, start + PAGE).map((row) => ({
            subjectId: String(row["subject_id"]),
            exposedAt: Number(row["first_at"]),
            meter,
            about: null,
          })),
        );
        for (const { measure, subjectId } of page) {
          const { covariate, covariateDenominator, denominator, value } = measure;
          if (value === null) continue;
          const before = covariate === null ? {} : { covariate, covariateDenominator: covariateDenominator ?? 1 };
          measured.push({ subjectId, value, denominator, ...before });
        }
      }
      return measured;
    });
  }
}
