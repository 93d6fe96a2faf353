import {
  LottyError,
  MICROS_PER_DAY,
  type Actor,
  type AuditLinker,
  type Clock,
  type DecisionPage,
  type DecisionQuestion,
  type DecisionRecord,
  type Erasure,
  type JsonObject,
  type SubjectEraser,
  type SubjectHistorySource,
} from "@lotty/domain";
import { standing } from "@lotty/engine";
import { createReplayer, type Replayer, type ReplayerPorts } from "../replay/create-replayer.ts";
import type { Replay } from "../replay/replay.ts";
import type { SnapshotSource } from "../snapshot-source.ts";
import type { SubjectRef } from "../subject-ref.ts";
import type { DecisionRecords, SubjectPage, SubjectPageLimits } from "./decision-records.ts";
import { erasureDraft } from "./erasure-draft.ts";
import { forgetSubject, type SubjectMemory } from "./forget-subject.ts";

/** What the records work with. */
export interface DecisionRecordsOptions extends ReplayerPorts {
  readonly snapshots: SnapshotSource;
  readonly history: SubjectHistorySource;
  readonly eraser: SubjectEraser;
  readonly memory: SubjectMemory;
  readonly clock: Clock;
  readonly audit: AuditLinker;
}

/** Puts together what looks back at decisions. */
export function createDecisionRecords(options: DecisionRecordsOptions): DecisionRecords {
  return new StoredRecords(options);
}

class StoredRecords implements DecisionRecords {
  readonly #options: DecisionRecordsOptions;
  readonly #replayer: Replayer;

  constructor(options: DecisionRecordsOptions) {
    this.#options = options;
    this.#replayer = createReplayer(options);
  }

  find(environmentId: string, decisionId: string): Promise<DecisionRecord | null> {
    return this.#options.log.find(environmentId, decisionId);
  }

  list(question: DecisionQuestion): Promise<DecisionPage> {
    return this.#options.log.list(question);
  }

  async subject(subject: SubjectRef, { days, decisions }: SubjectPageLimits): Promise<SubjectPage> {
    const { clock, eraser, log, snapshots } = this.#options;
    const now = clock.now();
    const [history, page, erasures] = await Promise.all([
      this.#options.history.load(subject.environmentId, subject.subjectId),
      // A clock that is a little ahead must not hide the newest.
      log.list({ ...subject, from: now - days * MICROS_PER_DAY, to: now + MICROS_PER_DAY, limit: decisions }),
      eraser.erasuresOf(subject.environmentId, subject.subjectId),
    ]);
    const snapshot = snapshots.current(subject.environmentId);
    return {
      subjectId: subject.subjectId,
      standing: standing(snapshot, history, now),
      lastDecisions: page.decisions,
      erasures,
    };
  }

  replay(decision: DecisionRecord, attributes: JsonObject | null): Promise<Replay> {
    return this.#replayer.replay(decision, attributes);
  }

  async erase(subject: SubjectRef, actor: Actor): Promise<Erasure> {
    const { audit, clock, eraser, memory } = this.#options;
    if (memory.outageHistory?.isWhole === false) {
      throw new LottyError(
        "decision_store_unavailable",
        "Decisions wait on the disk of this process; erase again later.",
      );
    }
    const at = clock.now();
    const { environmentId } = subject;
    const erasure = await eraser.erase({ ...subject, by: actor.name, at }, (made) =>
      audit([erasureDraft(made)], { actor, at, environmentId }),
    );
    await forgetSubject(subject, memory);
    return erasure;
  }
}
