import type { ChangePlan, Said } from "@lotty/definitions";
import type {
  AnalysisPlan,
  AuditDraft,
  AuditedKind,
  Configuration,
  EventType,
  Experiment,
  Guardrail,
  RampPlan,
} from "@lotty/domain";
import { planHash } from "../plans/plan-hash.ts";

/** What a file changes, as entries on record: one for each thing, as it was and as it is. */
export function appliedDrafts(
  { change, said: put }: ChangePlan,
  configuration: Configuration,
  said: Said,
): readonly AuditDraft[] {
  const flags = describing(said.flags, put.putFlagDetails ?? [], ({ flagId }) => flagId);
  const experiments = describing(said.experiments, put.putExperimentDetails ?? [], ({ experimentId }) => experimentId);
  const { putRamps = [], removeRampsOf = [] } = put.guardrails ?? {};
  const ramps = describing(said.measures.ramps, putRamps, ({ experimentId }) => experimentId);
  const rampAfter = (id: string): RampPlan | null => (removeRampsOf.includes(id) ? null : ramps.after(id));
  return [
    ...drafts({
      kind: "segment",
      stored: configuration.segments,
      put: change.putSegments,
      removed: change.removeSegmentIds,
      before: (segment) => segment,
      after: (segment) => segment,
    }),
    ...drafts({
      kind: "flag",
      stored: configuration.flags,
      put: change.putFlags,
      removed: change.removeFlagIds,
      before: (flag) => ({ ...flag, details: flags.before(flag.id) }),
      after: (flag) => ({ ...flag, details: flags.after(flag.id) }),
    }),
    ...drafts({
      kind: "experiment",
      stored: configuration.experiments,
      put: change.putExperiments,
      removed: change.removeExperimentIds,
      before: (experiment) => ({
        ...experiment,
        details: experiments.before(experiment.id),
        ...(ramps.before(experiment.id) && { ramp: ramps.before(experiment.id) }),
      }),
      after: (experiment) => ({
        ...experiment,
        details: experiments.after(experiment.id),
        ...(rampAfter(experiment.id) && { ramp: rampAfter(experiment.id) }),
      }),
    }),
    ...drafts({
      kind: "domain",
      stored: configuration.domains,
      put: change.putDomains,
      removed: change.removeDomainIds,
      before: (domain) => domain,
      after: (domain) => domain,
    }),
    ...drafts({
      kind: "approver_group",
      stored: said.approverGroups.map((group) => ({ ...group, key: group.name })),
      put: put.putApproverGroups?.map((group) => ({ ...group, key: group.name })),
      removed: put.removeApproverGroupIds,
      before: ({ key: _key, ...group }) => group,
      after: ({ key: _key, ...group }) => group,
    }),
    ...measuredDrafts(put, said, [...configuration.experiments, ...(change.putExperiments ?? [])]),
    ...drafts({
      kind: "notification_rule",
      stored: said.notifications.rules.map((rule) => ({ ...rule, key: rule.name })),
      put: put.notifications?.putRules?.map((rule) => ({ ...rule, key: rule.name })),
      removed: put.notifications?.removeRuleIds,
      before: ({ key: _key, ...rule }) => rule,
      after: ({ key: _key, ...rule }) => rule,
    }),
  ];
}

/** What a file changes of what is measured, and of how experiments are judged and watched. */
function measuredDrafts(
  { guardrails, putAnalysisPlans, putEventTypes, putMetrics }: ChangePlan["said"],
  { measures }: Said,
  experiments: readonly Experiment[],
): readonly AuditDraft[] {
  const metricKeys = new Map([...measures.metrics, ...(putMetrics ?? [])].map(({ id, key }) => [id, key]));
  const experimentKeys = new Map(experiments.map(({ id, key }) => [id, key]));
  const guarding = (guardrail: Guardrail) => ({
    ...guardrail,
    key: metricKeys.get(guardrail.metricId) ?? guardrail.metricId,
  });
  const judging = (plan: AnalysisPlan) => ({
    ...plan,
    id: plan.experimentId,
    key: experimentKeys.get(plan.experimentId) ?? plan.experimentId,
  });
  const typed = (type: EventType) => ({ ...type, id: type.key });
  return [
    ...drafts({
      kind: "event_type",
      stored: measures.eventTypes.map(typed),
      put: putEventTypes?.map(typed),
      removed: undefined,
      before: ({ id: _id, ...type }) => type,
      after: ({ id: _id, ...type }) => type,
    }),
    ...drafts({
      kind: "metric",
      stored: measures.metrics,
      put: putMetrics,
      removed: undefined,
      before: (metric) => metric,
      after: (metric) => metric,
    }),
    ...drafts({
      kind: "analysis_plan",
      stored: measures.plans.map(judging),
      put: putAnalysisPlans?.map(judging),
      removed: undefined,
      before: ({ id: _id, key: _key, ...plan }) => ({ ...plan, hash: planHash(plan) }),
      after: ({ id: _id, key: _key, ...plan }) => ({ ...plan, hash: planHash(plan) }),
    }),
    ...drafts({
      kind: "guardrail",
      stored: measures.guardrails.map(guarding),
      put: guardrails?.put?.map(guarding),
      removed: guardrails?.removeIds,
      before: ({ key: _key, ...guardrail }) => guardrail,
      after: ({ key: _key, ...guardrail }) => guardrail,
    }),
  ];
}

/** The things of one kind that a file changes. */
interface KindOnRecord<T> {
  readonly kind: AuditedKind;
  readonly stored: readonly T[];
  readonly put: readonly T[] | undefined;
  readonly removed: readonly string[] | undefined;
  readonly before: (thing: T) => unknown;
  readonly after: (thing: T) => unknown;
}

function drafts<T extends { readonly id: string; readonly key: string }>(given: KindOnRecord<T>): AuditDraft[] {
  const { after, before, kind, put = [], removed = [] } = given;
  const stored = new Map(given.stored.map((thing) => [thing.id, thing]));
  const written = put.map((thing) => {
    const earlier = stored.get(thing.id);
    const entity = { kind, id: thing.id, key: thing.key };
    return { action: `${kind}.apply`, entity, before: earlier ? before(earlier) : null, after: after(thing) };
  });
  const gone = removed.flatMap((id) => {
    const thing = stored.get(id);
    if (thing === undefined) return [];
    return { action: `${kind}.remove`, entity: { kind, id, key: thing.key }, before: before(thing), after: null };
  });
  return [...written, ...gone];
}

interface Described<T> {
  readonly before: (id: string) => T | null;
  readonly after: (id: string) => T | null;
}

function describing<T>(stored: readonly T[], put: readonly T[], idOf: (details: T) => string): Described<T> {
  const before = new Map(stored.map((details) => [idOf(details), details]));
  const after = new Map(put.map((details) => [idOf(details), details]));
  return { before: (id) => before.get(id) ?? null, after: (id) => after.get(id) ?? before.get(id) ?? null };
}
