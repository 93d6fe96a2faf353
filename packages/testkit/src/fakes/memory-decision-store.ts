import {
  DEFAULT_ENVIRONMENT_ID,
  flagElsewhere,
  isConcluded,
  isLottyError,
  LottyError,
  MICROS_PER_MILLI,
  valueHasType,
  type Assignment,
  type AttributesReference,
  type Configuration,
  type ConfigurationChange,
  type ConfigurationSource,
  type ConfigurationWriter,
  type DecisionRecord,
  type DecisionRecorder,
  type DecisionSink,
  type Flag,
  type Instant,
  type RecordOutcome,
  type RecordRequest,
  type SubjectHistory,
  type SubjectHistorySource,
} from "@lotty/domain";

/** A configuration, and when a change made it. */
export interface ConfigurationAsChanged {
  readonly configuration: Configuration;
  readonly changedAt: Instant;
}

/** What belongs to a change of the configuration besides the change itself. */
export interface MemoryChangeOptions {
  readonly saidFlagIds?: readonly string[];
  readonly alsoFrom?: ReadonlyMap<string, number>;
}

/**
 * Configuration, assignments and decisions in memory: the fake of everything a database keeps. Environments besides the one
 * that exists from the start are there from their first change on, or when they are added.
 */
export class MemoryDecisionStore implements ConfigurationSource, ConfigurationWriter, DecisionRecorder, DecisionSink {
  readonly #configurations = new Map<string, Configuration>([[DEFAULT_ENVIRONMENT_ID, empty(DEFAULT_ENVIRONMENT_ID)]]);
  readonly #changes: ConfigurationAsChanged[] = [];
  readonly #now: () => Instant;
  readonly #decisions = new Map<string, DecisionRecord>();
  /** By environment and subject, then by experiment. */
  readonly #assignments = new Map<string, Map<string, Assignment>>();
  /** By environment, subject and digest. */
  readonly #attributes = new Map<string, string>();
  #failure: LottyError | undefined;

  /** @param now time of changes; the machine's when absent */
  constructor(now: () => Instant = () => Date.now() * MICROS_PER_MILLI) {
    this.#now = now;
  }

  /** The history port. Apart, because its method has the name of the configuration's. */
  readonly history: SubjectHistorySource = {
    load: async (environmentId, subjectId) => this.#historyOf(environmentId, subjectId),
  };

  /** All decisions in the order in which they were written. */
  get decisions(): readonly DecisionRecord[] {
    return [...this.#decisions.values()];
  }

  /** The configurations of all environments as they were after each change, oldest first. */
  get changes(): readonly ConfigurationAsChanged[] {
    return this.#changes;
  }

  /** The canonical attributes that a decision names; `undefined` when it was never given them. */
  attributesOf(decision: AttributesReference): string | undefined {
    return this.#attributes.get(attributesKey(decision));
  }

  /** How many decisions and assignments a subject has. */
  countSubject(environmentId: string, subjectId: string): { readonly decisions: number; readonly assignments: number } {
    const assignments = this.#historyOf(environmentId, subjectId).length;
    return { decisions: this.#decisionsOf(environmentId, subjectId).length, assignments };
  }

  /** Rewrites the decisions of a subject, and forgets its assignments and attributes. */
  rewriteSubject(
    environmentId: string,
    subjectId: string,
    rewrite: (decision: DecisionRecord) => DecisionRecord,
  ): void {
    const own = this.#decisionsOf(environmentId, subjectId);
    for (const decision of own) this.#decisions.set(decision.decisionId, rewrite(decision));
    this.#assignments.delete(subjectKey(environmentId, subjectId));
    for (const decision of own) this.#attributes.delete(attributesKey(decision));
  }

  /** Makes every write of decisions fail with an error until called with `undefined`. */
  failWritesWith(error: LottyError | undefined): void {
    this.#failure = error;
  }

  async load(environmentId: string): Promise<Configuration> {
    return this.#configurationOf(environmentId);
  }

  async revision(environmentId: string): Promise<number> {
    return this.#configurations.get(environmentId)?.revision ?? 0;
  }

  /** Adds an environment with all flags that there are, switched off. */
  addEnvironment(environmentId: string): void {
    const flags = this.#configurationOf(DEFAULT_ENVIRONMENT_ID).flags.flatMap(
      (flag) => flagElsewhere(flag, undefined, false) ?? [],
    );
    this.#configurations.set(environmentId, empty(environmentId));
    if (flags.length > 0) this.#change(environmentId, { putFlags: flags });
  }

  /** Forgets the configuration of an environment. */
  removeEnvironment(environmentId: string): void {
    this.#configurations.delete(environmentId);
  }

  async apply(environmentId: string, change: ConfigurationChange, expectedRevision: number): Promise<number> {
    return this.applyWith(environmentId, change, { expectedRevision });
  }

  /** As {@link MemoryDecisionStore.apply}, with what else belongs to the change. */
  applyWith(
    environmentId: string,
    change: ConfigurationChange,
    options: MemoryChangeOptions & { readonly expectedRevision: number },
  ): number {
    const { alsoFrom, expectedRevision, saidFlagIds = [] } = options;
    for (const [id, expected] of new Map(alsoFrom).set(environmentId, expectedRevision)) {
      const { revision } = this.#configurationOf(id);
      if (revision === expected) continue;
      throw new LottyError("revision_conflict", `The configuration is at revision ${revision}.`);
    }
    const elsewhere = this.#spread(environmentId, change, new Set(saidFlagIds));
    for (const each of elsewhere) this.#change(each.environmentId, each.change);
    return this.#change(environmentId, change);
  }

  /** What a change of flags makes of them in other environments. */
  #spread(
    environmentId: string,
    { putFlags = [], removeFlagIds = [] }: ConfigurationChange,
    saidFlagIds: ReadonlySet<string>,
  ): readonly { readonly environmentId: string; readonly change: ConfigurationChange }[] {
    return [...this.#configurations.values()].flatMap((there) => {
      if (there.environmentId === environmentId) return [];
      const known = new Map(there.flags.map((flag) => [flag.id, flag]));
      const changed = putFlags.flatMap(
        (flag) => flagElsewhere(flag, known.get(flag.id), saidFlagIds.has(flag.id)) ?? [],
      );
      for (const flag of changed) refuseMisfits(flag, there);
      const removed = removeFlagIds.filter((id) => known.has(id));
      if (changed.length === 0 && removed.length === 0) return [];
      return [{ environmentId: there.environmentId, change: { putFlags: changed, removeFlagIds: removed } }];
    });
  }

  #change(environmentId: string, change: ConfigurationChange): number {
    const current = this.#configurationOf(environmentId);
    const next: Configuration = {
      environmentId,
      revision: current.revision + 1,
      flags: merged(current.flags, change.putFlags, change.removeFlagIds),
      experiments: merged(current.experiments, change.putExperiments, change.removeExperimentIds),
      domains: merged(current.domains, change.putDomains, change.removeDomainIds),
      segments: merged(current.segments, change.putSegments, change.removeSegmentIds),
    };
    this.#configurations.set(environmentId, next);
    this.#changes.push({ configuration: next, changedAt: this.#now() });
    return next.revision;
  }

  async record(request: RecordRequest): Promise<RecordOutcome> {
    this.#refuseWhenFailing();
    const { environmentId, subjectId, decisions } = request;
    const isRetry = decisions.every((decision) => this.#decisions.has(decision.decisionId));
    const history = this.#historyOf(environmentId, subjectId);
    if (!isRetry && !restsOn(history, request)) return { status: "history_changed", history };
    await this.write(decisions);
    return { status: "committed" };
  }

  async write(decisions: readonly DecisionRecord[]): Promise<void> {
    this.#refuseWhenFailing();
    for (const decision of decisions) refuseUnstorable(decision);
    for (const { attributes, ...decision } of decisions) {
      if (attributes !== undefined) this.#attributes.set(attributesKey(decision), attributes);
      if (this.#decisions.has(decision.decisionId)) continue;
      this.#decisions.set(decision.decisionId, decision);
      if (decision.reason === "experiment_assigned") this.#assign(decision);
    }
  }

  #assign(decision: DecisionRecord): void {
    const { experimentId, variantId, decidedAt } = decision;
    if (experimentId === null || variantId === null) return;
    const key = subjectKey(decision.environmentId, decision.subjectId);
    const assignments = this.#assignments.get(key) ?? new Map<string, Assignment>();
    const known = assignments.get(experimentId);
    const isLatest = known === undefined || decidedAt >= known.lastDecidedAt;
    assignments.set(experimentId, {
      experimentId,
      variantId: isLatest ? variantId : known.variantId,
      firstDecidedAt: Math.min(known?.firstDecidedAt ?? decidedAt, decidedAt),
      lastDecidedAt: Math.max(known?.lastDecidedAt ?? decidedAt, decidedAt),
    });
    this.#assignments.set(key, assignments);
  }

  #configurationOf(environmentId: string): Configuration {
    return this.#configurations.get(environmentId) ?? empty(environmentId);
  }

  #decisionsOf(environmentId: string, subjectId: string): readonly DecisionRecord[] {
    return this.decisions.filter((each) => each.environmentId === environmentId && each.subjectId === subjectId);
  }

  #historyOf(environmentId: string, subjectId: string): SubjectHistory {
    return [...(this.#assignments.get(subjectKey(environmentId, subjectId))?.values() ?? [])];
  }

  #refuseWhenFailing(): void {
    if (this.#failure !== undefined && isLottyError(this.#failure)) throw this.#failure;
  }
}

function empty(environmentId: string): Configuration {
  return { environmentId, revision: 0, flags: [], experiments: [], domains: [], segments: [] };
}

/** Refuses a flag whose values in an environment do not have its type. */
function refuseMisfits({ defaultValue, id, rules, valueType }: Flag, { experiments }: Configuration): void {
  const variants = experiments
    .filter(({ flagId, status }) => flagId === id && !isConcluded(status) && status !== "rejected")
    .flatMap((experiment) => experiment.variants);
  const values = [defaultValue, ...[...rules, ...variants].map(({ value }) => value)];
  if (values.every((value) => valueHasType(value, valueType))) return;
  throw new LottyError("invalid_definition", "The flag has values of another type in another environment.");
}

/** Whether the assignments of a request rest on the history as it is. */
function restsOn(history: SubjectHistory, request: RecordRequest): boolean {
  return repeatsVariants(history, request) && knowsExperiments(history, request);
}

/** Whether what repeats a variant of the history that the request has repeats the one that is held. */
function repeatsVariants(history: SubjectHistory, { basedOn, decisions }: RecordRequest): boolean {
  return (basedOn ?? []).every(({ experimentId, variantId }) => {
    const repeats = decisions.some((each) => each.experimentId === experimentId && each.variantId === variantId);
    return !repeats || history.some((each) => each.experimentId === experimentId && each.variantId === variantId);
  });
}

function knowsExperiments(history: SubjectHistory, request: RecordRequest): boolean {
  const held = new Set(history.map((assignment) => assignment.experimentId));
  const based = new Set((request.basedOn ?? []).map((assignment) => assignment.experimentId));
  const assigned = request.decisions.filter((decision) => decision.reason === "experiment_assigned");
  const known = request.basedOn === null ? held : based;
  const first = assigned.some((decision) => !known.has(decision.experimentId ?? ""));
  if (!first) return assigned.every((decision) => held.has(decision.experimentId ?? ""));
  return request.basedOn !== null && held.size === based.size && [...held].every((id) => based.has(id));
}

function refuseUnstorable(decision: DecisionRecord): void {
  const texts = [decision.flagKey, decision.subjectId, decision.value, decision.attributes ?? ""];
  if (texts.some((text) => text.includes("\0") || !text.isWellFormed())) {
    throw new LottyError("decision_rejected", "A text of the decision cannot be stored.");
  }
}

function subjectKey(environmentId: string, subjectId: string): string {
  return `${environmentId} ${subjectId}`;
}

function attributesKey({ attributesDigest, environmentId, subjectId }: AttributesReference): string {
  return `${subjectKey(environmentId, subjectId)} ${attributesDigest ?? ""}`;
}

function merged<T extends { readonly id: string }>(
  current: readonly T[],
  put: readonly T[] = [],
  removed: readonly string[] = [],
): readonly T[] {
  const byId = new Map(current.map((item) => [item.id, item]));
  for (const item of put) byId.set(item.id, item);
  for (const id of removed) byId.delete(id);
  return [...byId.values()];
}
