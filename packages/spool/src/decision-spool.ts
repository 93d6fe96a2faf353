import {
  assignmentsOf,
  mergeHistories,
  type DecisionRecord,
  type DecisionSpool,
  type SpoolSize,
  type SpoolWriter,
  type SubjectHistory,
} from "@lotty/domain";
import { DECISION_FORMAT } from "./decision-format.ts";
import type { HeldAssignments } from "./held-assignments.ts";
import { guarded, SqliteSpool, type PendingWatch, type SpoolOptions } from "./sqlite-spool.ts";

/**
 * Opens a spool of decisions: makes a file for this process, and takes over those of processes that are gone.
 *
 * @throws LottyError `decision_store_unavailable` when the directory cannot be used
 */
export function openDecisionSpool(options: SpoolOptions): DecisionSpool {
  return new SqliteDecisionSpool(options);
}

/** What waits for the next commit, by subject and environment. */
class PendingDecisions implements PendingWatch<DecisionRecord> {
  readonly #of = new Map<string, DecisionRecord[]>();

  waits(decision: DecisionRecord): void {
    const key = keyOf(decision.environmentId, decision.subjectId);
    const known = this.#of.get(key);
    if (known === undefined) this.#of.set(key, [decision]);
    else known.push(decision);
  }

  waitsNoLonger(decision: DecisionRecord): void {
    const key = keyOf(decision.environmentId, decision.subjectId);
    const rest = this.#of.get(key)?.filter((each) => each !== decision) ?? [];
    if (rest.length === 0) this.#of.delete(key);
    else this.#of.set(key, rest);
  }

  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory {
    return assignmentsOf(this.#of.get(keyOf(environmentId, subjectId)) ?? []);
  }
}

class SqliteDecisionSpool implements DecisionSpool {
  readonly #pending = new PendingDecisions();
  readonly #spool: SqliteSpool<DecisionRecord, HeldAssignments>;

  constructor(options: SpoolOptions) {
    this.#spool = new SqliteSpool(options, DECISION_FORMAT, this.#pending);
  }

  append(decisions: readonly DecisionRecord[]): Promise<void> {
    return this.#spool.append(decisions);
  }

  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory {
    const pending = this.#pending.assignmentsOf(environmentId, subjectId);
    return guarded(() =>
      this.#spool.follows.reduceRight(
        (known, held) => mergeHistories(held.of(environmentId, subjectId), known),
        pending,
      ),
    );
  }

  drain(write: SpoolWriter<DecisionRecord>): Promise<number> {
    return this.#spool.drain(write);
  }

  takeOver(): number {
    return this.#spool.takeOver();
  }

  size(): SpoolSize {
    return this.#spool.size();
  }

  close(): Promise<void> {
    return this.#spool.close();
  }
}

function keyOf(environmentId: string, subjectId: string): string {
  return `${environmentId} ${subjectId}`;
}
