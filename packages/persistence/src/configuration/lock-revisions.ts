import { LottyError } from "@lotty/domain";
import type { Knex } from "knex";
import type { EnvironmentRow } from "./configuration-rows.ts";

/** Whose revisions are locked. */
export interface RevisionsToLock {
  /** What the revisions of some environments must be. */
  readonly expected: ReadonlyMap<string, number>;
  /** Whether those of all others are locked as well, whatever they are. */
  readonly all: boolean;
}

/**
 * Lets nobody else change some environments before the end of the transaction. Writers queue up here, always in the same order,
 * so that no two wait for each other.
 *
 * @returns the revisions of everything that is locked
 * @throws LottyError `revision_conflict` when one is not what it must be; `database_rejected` for an environment that does not exist
 */
export async function lockRevisions(
  knex: Knex,
  { all, expected }: RevisionsToLock,
): Promise<ReadonlyMap<string, number>> {
  const question = knex<EnvironmentRow>("environments").select("id", "revision").orderBy("id").forUpdate();
  const rows = await (all ? question : question.whereIn("id", [...expected.keys()]));
  const revisions = new Map(rows.map(({ id, revision }) => [id, revision]));
  for (const [environmentId, expectedRevision] of expected) {
    const currentRevision = revisions.get(environmentId);
    if (currentRevision === undefined) {
      throw new LottyError("database_rejected", "There is no such environment", { details: { environmentId } });
    }
    if (currentRevision === expectedRevision) continue;
    throw new LottyError("revision_conflict", "The configuration has changed meanwhile", {
      details: { environmentId, expectedRevision, currentRevision },
    });
  }
  return revisions;
}
