import type {
  DecisionUsage,
  DomainLoss,
  Exclusions,
  ExperimentSubjects,
  FlagUsage,
  RecordedSubject,
  RecordedSubjects,
  RecordedSubjectsQuestion,
  SharedSubjects,
  SharedSubjectsCount,
} from "@lotty/domain";

/** Subjects that a test says were recorded, by the key of their flag. */
export class MemoryRecordedSubjects implements RecordedSubjects {
  readonly #byFlag = new Map<string, readonly RecordedSubject[]>();

  /** Replaces what was recorded of a flag. */
  record(flagKey: string, subjects: readonly RecordedSubject[]): void {
    this.#byFlag.set(flagKey, subjects);
  }

  async *of({ flagKey, since }: RecordedSubjectsQuestion): AsyncIterable<RecordedSubject> {
    for (const subject of this.#byFlag.get(flagKey) ?? []) if (subject.lastDecidedAt >= since) yield subject;
  }
}

/** Counts of shared subjects as a test says they are. */
export class MemorySharedSubjects implements SharedSubjects {
  experiments: readonly ExperimentSubjects[] = [];
  pairs: readonly SharedSubjectsCount[] = [];
  losses: readonly DomainLoss[] = [];

  count({ experimentIds }: { readonly experimentIds: readonly string[] }): ReturnType<SharedSubjects["count"]> {
    const asked = new Set(experimentIds);
    return Promise.resolve({
      experiments: this.experiments.filter(({ experimentId }) => asked.has(experimentId)),
      pairs: this.pairs.filter((pair) => pair.experimentIds.every((id) => asked.has(id))),
      losses: this.losses.filter(({ loserId }) => asked.has(loserId)),
    });
  }
}

/** Usage of flags as a test says it was. */
export class MemoryDecisionUsage implements DecisionUsage {
  used: readonly FlagUsage[] = [];
  excluded: Exclusions = { decisions: 0, participationLimit: 0, domainConflict: 0 };

  flags(): Promise<readonly FlagUsage[]> {
    return Promise.resolve(this.used);
  }

  exclusions(): Promise<Exclusions> {
    return Promise.resolve(this.excluded);
  }
}
