import type { Instant } from "@lotty/domain";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";

/** Properties may say who somebody is; what is left still counts. */
const ANONYMISE_EVENTS = `UPDATE events SET subject_id = $3, properties = '{}' WHERE environment_id = $1 AND subject_id = $2`;

const ANONYMISE_EXPOSURES = [
  `UPDATE first_exposures SET subject_id = $3, segments = '{}' WHERE environment_id = $1 AND subject_id = $2`,
  `UPDATE pending_exposures SET subject_id = $3, segments = '{}' WHERE environment_id = $1 AND subject_id = $2`,
];

/** Whatever was measured of the subject is measured anew: as nothing, and under the pseudonym. */
const MEASURE_ANEW = `INSERT INTO subjects_to_fold (environment_id, subject_id, received_at)
SELECT $1::uuid, subject_id, ${instantOf("$4::bigint")} FROM unnest(ARRAY[$2, $3]::text[]) AS each (subject_id) ORDER BY subject_id
ON CONFLICT (environment_id, subject_id) DO UPDATE SET received_at = subjects_to_fold.received_at`;

/** Waits for whoever is measuring the subject, so that what is being written of it is there to be removed. */
const STOP_MEASURING =
  "DELETE FROM subjects_being_folded WHERE environment_id = $1 AND subject_id = ANY (ARRAY[$2, $3]::text[])";

/** Whose events become whose, and when. */
export interface EventErasure {
  readonly environmentId: string;
  readonly subjectId: string;
  readonly pseudonym: string;
  readonly at: Instant;
}

/** Makes the events and exposures of a subject anonymous, in a transaction of the caller's. Gives how many events that were. */
export async function eraseEvents(connection: SqlConnection, erasure: EventErasure): Promise<number> {
  const values = [erasure.environmentId, erasure.subjectId, erasure.pseudonym];
  const events = await connection.query({ text: ANONYMISE_EVENTS, values });
  for (const text of ANONYMISE_EXPOSURES) await connection.query({ text, values });
  await connection.query({ text: MEASURE_ANEW, values: [...values, erasure.at] });
  await connection.query({ text: STOP_MEASURING, values });
  return events.rowCount ?? 0;
}
