import {
  LottyError,
  type DecisionRecord,
  type DecisionRecorder,
  type DecisionSink,
  type RecordOutcome,
  type RecordRequest,
  type SubjectHistory,
  type SubjectHistorySource,
} from "@lotty/domain";
import { MemoryDecisionStore } from "./memory-decision-store.ts";

/**
 * How a store answers. `down`: it refuses. `lost`: it does what it is asked, but its answer gets lost. `hanging`: nothing
 * comes back, and what was asked is done when the store gets on, unheard. `stuck`: the same, but it can be read.
 */
export type StoreMood = "up" | "down" | "lost" | "hanging" | "stuck";

/** A store in memory behind a connection that can fail in every way. */
export class UnsteadyDecisionStore {
  readonly store: MemoryDecisionStore = new MemoryDecisionStore();
  readonly written: (readonly DecisionRecord[])[] = [];
  /** How often decisions were handed to the recorder. */
  recordCalls = 0;
  #mood: StoreMood = "up";
  #hanging: (() => void)[] = [];

  readonly recorder: DecisionRecorder = {
    record: (request: RecordRequest): Promise<RecordOutcome> => {
      this.recordCalls += 1;
      return this.#ask(() => this.store.record(request), "decision_store_unavailable");
    },
  };

  readonly history: SubjectHistorySource = {
    load: (environmentId: string, subjectId: string): Promise<SubjectHistory> =>
      this.#mood === "stuck"
        ? this.store.history.load(environmentId, subjectId)
        : this.#ask(() => this.store.history.load(environmentId, subjectId), "database_unavailable"),
  };

  readonly sink: DecisionSink = {
    write: (decisions: readonly DecisionRecord[]): Promise<void> =>
      this.#ask(async () => {
        await this.store.write(decisions);
        this.written.push(decisions);
      }, "decision_store_unavailable"),
  };

  readonly probe: () => Promise<void> = () => this.#ask(() => Promise.resolve(), "database_unavailable");

  /** Changes how it answers; what hung is done, the latest first, and then fails for the one who asked. */
  set mood(mood: StoreMood) {
    this.#mood = mood;
    for (const getOn of this.#hanging.splice(0).toReversed()) getOn();
  }

  #ask<Result>(
    task: () => Promise<Result>,
    code: "decision_store_unavailable" | "database_unavailable",
  ): Promise<Result> {
    const failure = new LottyError(code, "The store is away.");
    switch (this.#mood) {
      case "up":
        return task();
      case "down":
        return Promise.reject(failure);
      case "lost":
        return task().then(() => Promise.reject(failure));
      case "hanging":
      case "stuck":
        return new Promise((_, reject) => {
          this.#hanging.push(
            () =>
              void task()
                .finally(() => reject(failure))
                .catch(() => undefined),
          );
        });
    }
  }
}
