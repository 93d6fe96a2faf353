import type {
  Assignment,
  DecisionRecorder,
  RecordOutcome,
  RecordRequest,
  SubjectHistory,
  SubjectHistorySource,
} from "@lotty/domain";

/** Assignments of this run, by subject. They end with the process. */
export class MemoryHistory implements SubjectHistorySource, DecisionRecorder {
  readonly #bySubject = new Map<string, SubjectHistory>();

  load(_environmentId: string, subjectId: string): Promise<SubjectHistory> {
    return Promise.resolve(this.#bySubject.get(subjectId) ?? []);
  }

  record(request: RecordRequest): Promise<RecordOutcome> {
    const history = this.#bySubject.get(request.subjectId) ?? [];
    if (request.basedOn !== null && request.basedOn.length !== history.length) {
      // The same subject stands twice in the input and was decided twice at the same time.
      return Promise.resolve({ status: "history_changed", history });
    }
    const assignments = new Map(history.map((assignment) => [assignment.experimentId, assignment]));
    for (const { experimentId, variantId, reason, decidedAt } of request.decisions) {
      if (reason !== "experiment_assigned" || experimentId === null || variantId === null) continue;
      const known = assignments.get(experimentId);
      const firstDecidedAt = known?.firstDecidedAt ?? decidedAt;
      assignments.set(experimentId, { experimentId, variantId, firstDecidedAt, lastDecidedAt: decidedAt });
    }
    if (assignments.size > 0) this.#bySubject.set(request.subjectId, [...assignments.values()] satisfies Assignment[]);
    return Promise.resolve({ status: "committed" });
  }
}
