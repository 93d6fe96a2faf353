import {
  compareCodePoints,
  DEFAULT_ENVIRONMENT_ID,
  DEFAULT_ENVIRONMENT_KEY,
  EMPTY_AUDIT_HEAD,
  ENVIRONMENTS_NOTICE_ID,
  LottyError,
  type AnalysisPlan,
  type AnalysisPlans,
  type ApproverGroup,
  type AuditEntry,
  type AuditHead,
  type AuditLink,
  type ChangeNotice,
  type Configuration,
  type ControlChange,
  type ControlPlaneStore,
  type Environment,
  type EnvironmentRemoval,
  type EnvironmentStore,
  type EventType,
  type ExperimentDetails,
  type Flag,
  type FlagDetails,
  type Metric,
  type MetricCatalogue,
  type PlanDeviation,
  type Review,
} from "@lotty/domain";
import { MemoryCertificates, type CertifiableExperiment } from "./memory-certificates.ts";
import { MemoryDecisionStore } from "./memory-decision-store.ts";
import { MemoryLearnings } from "./memory-learnings.ts";
import { MemoryGuardrails } from "./memory-guardrails.ts";
import { MemoryNotifications } from "./memory-notifications.ts";

const PRODUCTION: Environment = {
  id: DEFAULT_ENVIRONMENT_ID,
  key: DEFAULT_ENVIRONMENT_KEY,
  createdAt: 0,
  archivedAt: null,
};

/** What is said in one environment. */
interface Said {
  readonly experiments: Map<string, ExperimentDetails>;
  readonly reviews: Map<string, Review>;
  readonly groups: Map<string, ApproverGroup>;
  readonly metrics: Map<string, readonly Metric[]>;
  readonly eventTypes: Map<string, EventType>;
  readonly plans: Map<string, AnalysisPlan>;
  readonly planVersions: Map<string, AnalysisPlan>;
  readonly deviations: PlanDeviation[];
}

/** The control plane's store in memory, and that of environments. The configuration can be that of a {@link MemoryDecisionStore} that others use too. */
export class MemoryControlPlaneStore implements ControlPlaneStore, AnalysisPlans, EnvironmentStore {
  /** Hears what stores tell other processes: new revisions, and that there are other environments. */
  onNotice: (notice: ChangeNotice) => void = () => undefined;
  /** What is told where. */
  readonly notifications: MemoryNotifications = new MemoryNotifications();
  /** What was learned. */
  readonly learnings: MemoryLearnings = new MemoryLearnings();
  readonly certificates: MemoryCertificates = new MemoryCertificates(() => this.#certifiable());
  /** What watches experiments. */
  readonly guardrails: MemoryGuardrails = new MemoryGuardrails();
  readonly #configuration: MemoryDecisionStore;
  readonly #said = new Map<string, Said>();
  readonly #flags = new Map<string, FlagDetails>();
  readonly #environments = new Map<string, Environment>([[PRODUCTION.id, PRODUCTION]]);
  /** The metrics that commits have put. */
  readonly metrics: MetricCatalogue = {
    list: async (environmentId) =>
      [...this.#saidIn(environmentId).metrics.values()]
        .flatMap((versions) => versions.slice(-1))
        .sort((a, b) => compareCodePoints(a.key, b.key)),
    find: async (environmentId, metricId, version) => {
      const versions = this.#saidIn(environmentId).metrics.get(metricId) ?? [];
      return version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
    },
  };
  #chain: readonly AuditEntry[] = [];
  #rivals: (() => Promise<void>)[] = [];
  /** The commit that the next one waits for: the end of the chain may not move meanwhile. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(configuration: MemoryDecisionStore = new MemoryDecisionStore()) {
    this.#configuration = configuration;
  }

  /** Everything that is on record. */
  get entries(): readonly AuditEntry[] {
    return this.#chain;
  }

  /** Lets somebody else be faster: `rival` runs right before the next commit that is not a rival's. */
  beforeNextCommit(rival: () => Promise<void>): void {
    this.#rivals.push(rival);
  }

  load(environmentId: string): Promise<Configuration> {
    return this.#configuration.load(environmentId);
  }

  async flagDetails(flagId: string): Promise<FlagDetails | undefined> {
    return this.#flags.get(flagId);
  }

  async allFlagDetails(): Promise<readonly FlagDetails[]> {
    return [...this.#flags.values()];
  }

  async flagVersion(environmentId: string, flagId: string, version: number): Promise<Flag | undefined> {
    return this.#configuration.changes
      .filter(({ configuration }) => configuration.environmentId === environmentId)
      .flatMap(({ configuration }) => configuration.flags)
      .findLast((flag) => flag.id === flagId && flag.version === version);
  }

  async experimentDetails(environmentId: string, experimentId: string): Promise<ExperimentDetails | undefined> {
    return this.#saidIn(environmentId).experiments.get(experimentId);
  }

  async allExperimentDetails(environmentId: string): Promise<readonly ExperimentDetails[]> {
    return [...this.#saidIn(environmentId).experiments.values()];
  }

  async reviews(environmentId: string, experimentId: string): Promise<readonly Review[]> {
    const reviews = [...this.#saidIn(environmentId).reviews.values()];
    return reviews
      .filter((review) => review.experimentId === experimentId)
      .sort((a, b) => a.at - b.at || compareCodePoints(a.id, b.id));
  }

  async approverGroups(environmentId: string): Promise<readonly ApproverGroup[]> {
    return [...this.#saidIn(environmentId).groups.values()].sort((a, b) => compareCodePoints(a.name, b.name));
  }

  async find(environmentId: string, experimentId: string): Promise<AnalysisPlan | undefined> {
    return this.#saidIn(environmentId).plans.get(experimentId);
  }

  async list(environmentId: string): Promise<readonly AnalysisPlan[]> {
    const plans = [...this.#saidIn(environmentId).plans.values()];
    return plans.sort((a, b) => compareCodePoints(a.experimentId, b.experimentId));
  }

  async version(environmentId: string, experimentId: string, version: number): Promise<AnalysisPlan | undefined> {
    return this.#saidIn(environmentId).planVersions.get(`${experimentId} ${version}`);
  }

  async deviations(environmentId: string, experimentId: string): Promise<readonly PlanDeviation[]> {
    return this.#saidIn(environmentId).deviations.filter((deviation) => deviation.experimentId === experimentId);
  }

  async eventTypes(environmentId: string): Promise<readonly EventType[]> {
    return [...this.#saidIn(environmentId).eventTypes.values()].sort((a, b) => compareCodePoints(a.key, b.key));
  }

  async auditHead(): Promise<AuditHead> {
    const { sequence, hash } = this.#chain.at(-1) ?? EMPTY_AUDIT_HEAD;
    return { sequence, hash };
  }

  async auditEntries(afterSequence: number, count: number): Promise<readonly AuditEntry[]> {
    return this.#chain.slice(afterSequence, afterSequence + count);
  }

  async commit(environmentId: string, change: ControlChange, expectedRevision: number): Promise<number> {
    const rivals = this.#rivals;
    this.#rivals = [];
    for (const rival of rivals) await rival();
    const committed = this.#last.then(() => this.#commitAlone(environmentId, change, expectedRevision));
    this.#last = committed.catch(() => undefined);
    return committed;
  }

  async environments(): Promise<readonly Environment[]> {
    return [...this.#environments.values()].sort((a, b) => compareCodePoints(a.key, b.key));
  }

  async addEnvironment(environment: Environment, audit: AuditLink): Promise<boolean> {
    if ([...this.#environments.values()].some(({ key }) => key === environment.key)) return false;
    this.#chain = [...this.#chain, ...(await this.#linked(audit))];
    this.#environments.set(environment.id, environment);
    this.#configuration.addEnvironment(environment.id);
    this.onNotice({ environmentId: ENVIRONMENTS_NOTICE_ID, revision: 0 });
    return true;
  }

  async putEnvironment(environment: Environment, audit: AuditLink): Promise<boolean> {
    if (!this.#environments.has(environment.id)) return false;
    this.#chain = [...this.#chain, ...(await this.#linked(audit))];
    this.#environments.set(environment.id, environment);
    this.onNotice({ environmentId: ENVIRONMENTS_NOTICE_ID, revision: 0 });
    return true;
  }

  async removeEnvironment(id: string, audit: AuditLink): Promise<EnvironmentRemoval> {
    if (!this.#environments.has(id)) return "not_found";
    if (this.#configuration.decisions.some(({ environmentId }) => environmentId === id)) return "in_use";
    this.#chain = [...this.#chain, ...(await this.#linked(audit))];
    this.#environments.delete(id);
    this.#configuration.removeEnvironment(id);
    this.onNotice({ environmentId: ENVIRONMENTS_NOTICE_ID, revision: 0 });
    return "done";
  }

  async #linked(audit: AuditLink): Promise<readonly AuditEntry[]> {
    const entries = audit(await this.auditHead());
    if (entries.length === 0) throw new LottyError("internal", "A change without an entry on record.");
    return entries;
  }

  async #commitAlone(environmentId: string, change: ControlChange, expectedRevision: number): Promise<number> {
    const { alsoFrom, configuration = {}, putFlagDetails = [] } = change;
    const entries = await this.#linked(change.audit);
    // Refuses another revision; nothing has been written by then.
    refuseTakenKeys(this.#saidIn(environmentId), change.putMetrics ?? []);
    const saidFlagIds = putFlagDetails.map(({ flagId }) => flagId);
    const options = { expectedRevision, saidFlagIds, ...(alsoFrom !== undefined && { alsoFrom }) };
    const before = this.#configuration.changes.length;
    this.guardrails.check(environmentId, change.guardrails ?? {});
    const revision = this.#configuration.applyWith(environmentId, configuration, options);
    const said = this.#saidIn(environmentId);
    for (const details of putFlagDetails) this.#flags.set(details.flagId, details);
    for (const details of change.putExperimentDetails ?? []) said.experiments.set(details.experimentId, details);
    for (const review of change.putReviews ?? []) said.reviews.set(review.id, review);
    for (const group of change.putApproverGroups ?? []) said.groups.set(group.id, group);
    for (const id of change.removeApproverGroupIds ?? []) said.groups.delete(id);
    for (const metric of change.putMetrics ?? []) {
      said.metrics.set(metric.id, [...(said.metrics.get(metric.id) ?? []), metric]);
    }
    for (const type of change.putEventTypes ?? []) said.eventTypes.set(type.key, type);
    for (const plan of change.putAnalysisPlans ?? []) putPlan(said, plan);
    said.deviations.push(...(change.addPlanDeviations ?? []));
    for (const id of configuration.removeFlagIds ?? []) this.#flags.delete(id);
    for (const id of configuration.removeExperimentIds ?? []) forgetExperiment(said, id);
    this.certificates.put(environmentId, change.putCertificates ?? []);
    this.learnings.put(environmentId, change.putLearnings ?? []);
    this.guardrails.apply(environmentId, change.guardrails ?? {}, configuration.removeExperimentIds ?? []);
    this.notifications.apply(environmentId, change.notifications ?? {}, change.announcements ?? []);
    this.#chain = [...this.#chain, ...entries];
    for (const { configuration: changed } of this.#configuration.changes.slice(before)) this.onNotice(changed);
    return revision;
  }

  async #certifiable(): Promise<readonly CertifiableExperiment[]> {
    const all = [...this.#said].map(async ([environmentId, { experiments: details, plans }]) => {
      const { experiments } = await this.load(environmentId);
      return experiments
        .filter(({ status }) => status === "in_review" || status === "approved")
        .map(({ id, version }) => ({
          environmentId,
          experimentId: id,
          contentVersion: details.get(id)?.contentVersion ?? version,
          planVersion: plans.get(id)?.version ?? null,
        }));
    });
    return (await Promise.all(all)).flat();
  }

  #saidIn(environmentId: string): Said {
    const known = this.#said.get(environmentId);
    if (known !== undefined) return known;
    const said: Said = {
      experiments: new Map(),
      reviews: new Map(),
      groups: new Map(),
      metrics: new Map(),
      eventTypes: new Map(),
      plans: new Map(),
      planVersions: new Map(),
      deviations: [],
    };
    this.#said.set(environmentId, said);
    return said;
  }
}

function putPlan({ planVersions, plans }: Said, plan: AnalysisPlan): void {
  plans.set(plan.experimentId, plan);
  planVersions.set(`${plan.experimentId} ${plan.version}`, plan);
}

function forgetExperiment(said: Said, experimentId: string): void {
  said.experiments.delete(experimentId);
  said.plans.delete(experimentId);
  for (const key of said.planVersions.keys()) if (key.startsWith(`${experimentId} `)) said.planVersions.delete(key);
  const others = said.deviations.filter((deviation) => deviation.experimentId !== experimentId);
  said.deviations.splice(0, said.deviations.length, ...others);
  for (const review of said.reviews.values()) {
    if (review.experimentId === experimentId) said.reviews.delete(review.id);
  }
}

function refuseTakenKeys({ metrics }: Said, put: readonly Metric[]): void {
  for (const { id, key } of put) {
    const taken = [...metrics.values()].some((versions) => versions.at(-1)?.key === key && versions.at(-1)?.id !== id);
    if (taken) throw new LottyError("database_rejected", `Another metric is called ${key}.`);
  }
}
