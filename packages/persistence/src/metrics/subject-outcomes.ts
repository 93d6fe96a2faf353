import type { Instant, LedgerLine, MetricMeter, MomentsQuestion } from "@lotty/domain";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import type { SqlConnection, SqlRow } from "../sql/sql-pool.ts";
import { typesThatWait } from "./live-subjects.ts";
import { measureSubjects, type Measured } from "./measure-subjects.ts";
import { findMissedCauses, type MissedCause } from "./missed-events.ts";
import type { ExposureSpan } from "./moments-plan.ts";

/** What became of a subject that was decided for. */
export interface SubjectOutcome extends Pick<
  LedgerLine,
  "subjectId" | "variantId" | "outcome" | "decisionId" | "exposureEventId"
> {
  /** Where the subject's window begins; `null` when it never does. */
  readonly exposedAt: Instant | null;
}

/** Which subjects, and what they are measured with. */
export interface OutcomesPage {
  /** Only those of this variant; `null` for all. */
  readonly variantId: string | null;
  readonly after: string | null;
  readonly limit: number;
  readonly meter: MetricMeter;
  /** Subjects that were first exposed in it, or decided for where they never were. */
  readonly span: ExposureSpan;
  readonly watermark: Instant | null;
}

const PAGE = `SELECT to_json(a.subject_id) AS subject_id, a.variant_id, ${microsOf("a.first_decided_at")} AS decided_at,
  ${microsOf("f.first_exposed_at")} AS exposed_at, f.several, to_json(f.event_id) AS event_id, f.decision_id,
  EXISTS (SELECT FROM pending_exposures AS p WHERE p.environment_id = a.environment_id AND p.subject_id = a.subject_id
    AND p.outcome IS NULL) AS awaiting
FROM assignments AS a
LEFT JOIN first_exposures AS f ON f.environment_id = a.environment_id AND f.experiment_id = a.experiment_id AND f.subject_id = a.subject_id
WHERE a.environment_id = $1 AND a.experiment_id = $2 AND ($3::uuid IS NULL OR a.variant_id = $3)
  AND ($4::text IS NULL OR a.subject_id > $4::text)
  AND coalesce(f.first_exposed_at, a.first_decided_at) >= ${instantOf("$5::bigint")}
  AND coalesce(f.first_exposed_at, a.first_decided_at) < ${instantOf("$6::bigint")}
ORDER BY a.subject_id LIMIT $7`;

/** What became of some subjects of an experiment, straight from the events, in the order of their ids. Inside of a transaction. */
export async function readOutcomes(
  connection: SqlConnection,
  question: MomentsQuestion,
  page: OutcomesPage,
): Promise<readonly SubjectOutcome[]> {
  const { environmentId, experimentId, population } = question;
  const { after, limit, meter, span, variantId } = page;
  const values = [environmentId, experimentId, variantId, after, span.from, span.to, limit];
  const { rows } = await connection.query({ text: PAGE, values });
  const byAssignment = population === "assigned";
  const waiting = byAssignment ? await typesThatWait(connection, environmentId) : new Set<string>();
  const begun = rows.flatMap((row) => {
    const exposedAt = startOf(row, byAssignment);
    if (exposedAt === null || row["several"] === true) return [];
    const until = typeof row["exposed_at"] === "number" ? row["exposed_at"] : Infinity;
    return [
      { subjectId: String(row["subject_id"]), exposedAt, meter, about: row, waits: { eventTypes: waiting, until } },
    ];
  });
  const measured = await measureSubjects(connection, environmentId, begun);
  const missed = await findMissedCauses(connection, environmentId, measured);
  const measures = new Map(measured.map((each) => [each.about, each]));
  return rows.map((row) => {
    const own = measures.get(row);
    return {
      subjectId: String(row["subject_id"]),
      variantId: String(row["variant_id"]),
      exposedAt: startOf(row, byAssignment),
      outcome: own === undefined ? unmeasuredOutcome(row) : outcomeOf(own, missed.get(own), { question, page }),
      decisionId: typeof row["decision_id"] === "string" ? row["decision_id"] : null,
      exposureEventId: typeof row["event_id"] === "string" ? row["event_id"] : null,
    };
  });
}

function startOf(row: SqlRow, byAssignment: boolean): Instant | null {
  const start = byAssignment ? row["decided_at"] : row["exposed_at"];
  return typeof start === "number" ? start : null;
}

function unmeasuredOutcome(row: SqlRow): LedgerLine["outcome"] {
  if (row["several"] === true) return "several_variants";
  return row["awaiting"] === true ? "awaiting_exposure" : "not_exposed";
}

function outcomeOf(
  { exposedAt, measure, meter }: Measured<SqlRow>,
  missed: MissedCause | undefined,
  { page, question }: { readonly question: MomentsQuestion; readonly page: OutcomesPage },
): LedgerLine["outcome"] {
  if (missed !== undefined) return missed;
  if (measure.value === null) return "zero_dropped";
  const isOver = page.watermark !== null && exposedAt + meter.microsAfter <= page.watermark;
  return question.completeOnly && !isOver ? "window_open" : "counted";
}
