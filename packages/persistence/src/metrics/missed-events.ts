import type { Instant } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import type { Measured } from "./measure-subjects.ts";

/** Why a subject has no event in the window of a metric. */
export type MissedCause = "no_event" | "before_exposure" | "after_window" | "filtered_out";

/** For each pair of a subject and a type two looks into the index, whatever the number of events. */
const OUTSIDE = `SELECT asked.n,
  EXISTS (SELECT FROM events AS e WHERE e.environment_id = $1 AND e.subject_id = asked.subject_id COLLATE "C"
    AND e.event_type = asked.event_type COLLATE "C" AND e.occurred_at < ${instantOf("asked.exposed")}) AS before,
  EXISTS (SELECT FROM events AS e WHERE e.environment_id = $1 AND e.subject_id = asked.subject_id COLLATE "C"
    AND e.event_type = asked.event_type COLLATE "C" AND e.occurred_at >= ${instantOf("asked.ended")}) AS after
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) WITH ORDINALITY AS asked (subject_id, event_type, exposed, ended, n)`;

interface Asked {
  readonly subjectId: string;
  readonly eventType: string;
  readonly exposed: Instant;
  readonly ended: Instant;
}

/** Finds out why there is no event in the windows of measured subjects; nothing for those that have one. */
export async function findMissedCauses<About>(
  connection: SqlConnection,
  environmentId: string,
  measured: readonly Measured<About>[],
): Promise<ReadonlyMap<Measured<About>, MissedCause>> {
  const causes = new Map<Measured<About>, MissedCause>();
  const open = measured.filter(({ measure }) => measure.events === 0);
  const asked: Asked[] = [];
  const owners: Measured<About>[] = [];
  for (const each of open) {
    causes.set(each, each.measure.filteredOut ? "filtered_out" : "no_event");
    if (each.measure.filteredOut) continue;
    const { exposedAt, meter, subjectId } = each;
    for (const eventType of meter.eventTypes) {
      asked.push({ subjectId, eventType, exposed: exposedAt, ended: exposedAt + meter.microsAfter });
      owners.push(each);
    }
  }
  if (asked.length === 0) return causes;
  const { rows } = await connection.query({
    text: OUTSIDE,
    values: [
      environmentId,
      textArray(asked.map(({ subjectId }) => subjectId)),
      textArray(asked.map(({ eventType }) => eventType)),
      plainArray(asked.map(({ exposed }) => exposed)),
      plainArray(asked.map(({ ended }) => ended)),
    ],
  });
  for (const row of rows) {
    const owner = owners[Number(row["n"]) - 1];
    if (owner === undefined) continue;
    // An event before the exposure says more than one long after it: somebody converted without having seen anything.
    if (row["before"] === true) causes.set(owner, "before_exposure");
    else if (row["after"] === true && causes.get(owner) === "no_event") causes.set(owner, "after_window");
  }
  return causes;
}
