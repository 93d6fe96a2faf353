import {
  compareCodePoints,
  LottyError,
  type FiringStep,
  type Guardrail,
  type GuardrailChange,
  type GuardrailEvaluation,
  type GuardrailFiring,
  type GuardrailStore,
  type RampPlan,
  type ReachedSubjects,
  type RecordedFiring,
} from "@lotty/domain";

interface Kept {
  readonly guardrails: Map<string, Guardrail>;
  readonly evaluations: Map<string, GuardrailEvaluation>;
  readonly ramps: Map<string, RampPlan>;
  readonly firings: GuardrailFiring[];
  readonly steps: FiringStep[];
}

/** Guardrails, what they saw and did, and ramp plans, in memory. */
export class MemoryGuardrails implements GuardrailStore {
  /** What every experiment is said to have reached. */
  reachedSubjects: readonly ReachedSubjects[] = [];
  readonly #kept = new Map<string, Kept>();

  async list(environmentId: string, experimentId?: string): Promise<readonly Guardrail[]> {
    return [...this.#in(environmentId).guardrails.values()]
      .filter((each) => experimentId === undefined || each.experimentId === experimentId)
      .sort((a, b) => compareCodePoints(a.id, b.id));
  }

  async evaluations(environmentId: string, experimentId: string): Promise<readonly GuardrailEvaluation[]> {
    const guardrails = await this.list(environmentId, experimentId);
    return guardrails.flatMap(({ id }) => this.#in(environmentId).evaluations.get(id) ?? []);
  }

  async keepEvaluations(environmentId: string, evaluations: readonly GuardrailEvaluation[]): Promise<void> {
    const kept = this.#in(environmentId);
    for (const each of evaluations) {
      if (kept.guardrails.has(each.guardrailId)) kept.evaluations.set(each.guardrailId, each);
    }
  }

  async firings(environmentId: string, experimentId: string, limit: number): Promise<readonly RecordedFiring[]> {
    return this.#firings(environmentId, (firing) => firing.experimentId === experimentId).slice(0, limit);
  }

  async firing(environmentId: string, firingId: string): Promise<RecordedFiring | undefined> {
    return this.#firings(environmentId, ({ id }) => id === firingId)[0];
  }

  async lastFiring(environmentId: string, guardrailId: string): Promise<RecordedFiring | undefined> {
    return this.#firings(environmentId, ({ guardrail }) => guardrail.id === guardrailId)[0];
  }

  async reached(): Promise<readonly ReachedSubjects[]> {
    return this.reachedSubjects;
  }

  async ramps(environmentId: string, experimentId?: string): Promise<readonly RampPlan[]> {
    return [...this.#in(environmentId).ramps.values()]
      .filter((each) => experimentId === undefined || each.experimentId === experimentId)
      .sort((a, b) => compareCodePoints(a.experimentId, b.experimentId));
  }

  /** Refuses a change that a database would refuse. */
  check(environmentId: string, { addSteps = [] }: GuardrailChange): void {
    const { steps } = this.#in(environmentId);
    for (const { firingId, kind } of addSteps) {
      const isThere = steps.some((each) => each.firingId === firingId && each.kind === kind);
      if (kind !== "failed" && isThere) throw new LottyError("database_rejected", `The firing is ${kind} already.`);
    }
  }

  /** Takes over the part of a committed change that is about guardrails. */
  apply(environmentId: string, change: GuardrailChange, removedExperimentIds: readonly string[]): void {
    const kept = this.#in(environmentId);
    for (const id of change.removeIds ?? []) {
      kept.guardrails.delete(id);
      kept.evaluations.delete(id);
    }
    for (const id of change.removeRampsOf ?? []) kept.ramps.delete(id);
    for (const each of change.put ?? []) kept.guardrails.set(each.id, each);
    for (const each of change.putRamps ?? []) kept.ramps.set(each.experimentId, each);
    kept.firings.push(...(change.addFirings ?? []));
    kept.steps.push(...(change.addSteps ?? []));
    for (const experimentId of removedExperimentIds) {
      kept.ramps.delete(experimentId);
      for (const each of kept.guardrails.values()) {
        if (each.experimentId === experimentId) kept.guardrails.delete(each.id);
      }
    }
  }

  #firings(environmentId: string, isWanted: (firing: GuardrailFiring) => boolean): readonly RecordedFiring[] {
    const { firings, steps } = this.#in(environmentId);
    return firings
      .filter(isWanted)
      .sort((a, b) => b.at - a.at || compareCodePoints(b.id, a.id))
      .map((firing) => ({
        firing,
        steps: steps
          .filter(({ firingId }) => firingId === firing.id)
          .sort((a, b) => a.at - b.at || compareCodePoints(a.id, b.id)),
      }));
  }

  #in(environmentId: string): Kept {
    const kept = this.#kept.get(environmentId) ?? {
      guardrails: new Map(),
      evaluations: new Map(),
      ramps: new Map(),
      firings: [],
      steps: [],
    };
    this.#kept.set(environmentId, kept);
    return kept;
  }
}
