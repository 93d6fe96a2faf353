import {
  isActive,
  PLAN_DEFAULTS,
  planFaults,
  plannedGuardrails,
  type AnalysisPlan,
  type Experiment,
  type ExperimentDetails,
  type Metric,
  type PlanDeviation,
  type PlannedGuardrail,
} from "@lotty/domain";
import { deviationsFrom, differingFields } from "../plans/plan-deviations.ts";
import type { PlanFields } from "../plans/plan-fields.ts";
import { plannedGuardrailDrafts } from "../plans/planned-guardrail-drafts.ts";
import { planHash } from "../plans/plan-hash.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Answer, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { experimentNotFound, versionMismatch, type ExperimentCommand } from "./experiment-command.ts";
import { mayDo } from "../people/permission.ts";
import { runCommand } from "./run-command.ts";

/** A plan with what was changed of it after the start. */
export interface DescribedPlan {
  readonly plan: AnalysisPlan;
  /** See {@link planHash}. */
  readonly hash: string;
  readonly deviations: readonly PlanDeviation[];
}

/** What can be done with analysis plans. They are made with their experiments' permission, and frozen by the start. */
export interface PlanControl {
  /** The plan of an experiment; refused with `not_found` when there is none. */
  find(question: ExperimentCommand): Promise<Answer<DescribedPlan>>;
  /**
   * Makes or replaces a plan as a whole. After the start, what differs is kept as deviations, and guardrail metrics that it names for the
   * first time are watched.
   */
  put(command: ExperimentCommand & { readonly fields: PlanFields }): Promise<CommandResult<DescribedPlan>>;
}

/** Makes the control of analysis plans. */
export function createPlanControl(ports: ControlPorts): PlanControl {
  return {
    find: async (question) => {
      const refusal = mayDo(question.actor, "read");
      if (refusal !== undefined) return refused(refusal);
      const { environmentId, experimentId } = question;
      const plan = await ports.plans.find(environmentId, experimentId);
      if (plan === undefined) return refused(noPlan(experimentId));
      const deviations = await ports.plans.deviations(environmentId, experimentId);
      return { status: "done", result: { plan, hash: planHash(plan), deviations } };
    },
    put: (command) =>
      runCommand(ports, { ...command, permission: "experiment.edit" }, async ({ configuration, now }) => {
        const { environmentId, experimentId, fields } = command;
        const experiment = configuration.experiments.find(({ id }) => id === experimentId);
        if (experiment === undefined) return refused(experimentNotFound(experimentId));
        const [before, metrics, details, deviations, watching] = await Promise.all([
          ports.plans.find(environmentId, experimentId),
          ports.metrics.list(environmentId),
          ports.store.experimentDetails(environmentId, experimentId),
          ports.plans.deviations(environmentId, experimentId),
          ports.guardrails.list(environmentId, experimentId),
        ]);
        const mismatch = before && versionMismatch(before.version, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const named = namedMetrics(fields, { before, metrics });
        if (!named.ok) return refused(...named.refusals);
        const started = hasStarted(experiment);
        const after: AnalysisPlan = {
          experimentId,
          ...PLAN_DEFAULTS,
          ...plannedDuration(details),
          ...optionalFields(fields),
          ...named.metrics,
          version: (before?.version ?? 0) + 1,
          updatedAt: now,
          frozenAt: before?.frozenAt ?? (started ? now : null),
        };
        const faults = planFaults(after).map(({ field, message }) => invalid(field, message));
        if (faults.length > 0) return refused(...faults);
        if (before !== undefined && differingFields(before, after).length === 0) {
          return refused({ code: "nothing_changed", message: "Everything is so already." });
        }
        const by = { actorName: command.actor.name, at: now };
        const added = after.frozenAt === null ? [] : deviationsFrom(before, after, by);
        const planned = isActive(experiment.status) ? newGuardrails(before, after) : [];
        const newId = (): string => ports.ids.next(now);
        const guardrails = plannedGuardrails({ plan: after, planned, metrics, watching, newId, now });
        const plan = planPut(experiment, { before, after, added, deviations });
        return {
          ...plan,
          change: { ...plan.change, guardrails: { put: guardrails } },
          audit: [...plan.audit, ...plannedGuardrailDrafts(guardrails, metrics)],
        };
      }),
  };
}

function planPut(
  experiment: Experiment,
  change: {
    readonly before: AnalysisPlan | undefined;
    readonly after: AnalysisPlan;
    readonly added: readonly PlanDeviation[];
    readonly deviations: readonly PlanDeviation[];
  },
): Plan<DescribedPlan> & { readonly status: "planned" } {
  const { added, after, before, deviations } = change;
  return {
    status: "planned",
    change: { putAnalysisPlans: [after], addPlanDeviations: added },
    audit: [
      {
        action: before === undefined ? "analysis_plan.create" : "analysis_plan.edit",
        entity: { kind: "analysis_plan", id: experiment.id, key: experiment.key },
        before: before ?? null,
        after: { ...after, hash: planHash(after) },
      },
    ],
    result: { plan: after, hash: planHash(after), deviations: [...deviations, ...added] },
  };
}

type NamedMetrics =
  | { readonly ok: true; readonly metrics: Pick<AnalysisPlan, "primary" | "secondary" | "guardrails"> }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Finds the metrics by key or id. A frozen plan keeps the versions that it has; archived metrics are not taken anew. */
function namedMetrics(
  { guardrails = [], primary, secondary = [] }: PlanFields,
  { before, metrics }: { readonly before: AnalysisPlan | undefined; readonly metrics: readonly Metric[] },
): NamedMetrics {
  const known = before === undefined ? [] : [...before.primary, ...before.secondary, ...before.guardrails];
  const kept = new Map(known.map(({ metricId, metricVersion }) => [metricId, metricVersion]));
  const refusals: Refusal[] = [];
  const find = (field: string, name: string): { readonly metricId: string; readonly metricVersion: number } => {
    const metric = metrics.find(({ id, key }) => key === name || id === name.toLowerCase());
    if (metric === undefined) {
      refusals.push(invalid(field, `There is no metric ${name}.`));
      return { metricId: name, metricVersion: 1 };
    }
    const pinnedVersion = kept.get(metric.id);
    if (metric.archivedAt !== null && pinnedVersion === undefined) {
      refusals.push(invalid(field, `The metric ${metric.key} is archived.`));
    }
    const frozen = before !== undefined && before.frozenAt !== null ? pinnedVersion : undefined;
    return { metricId: metric.id, metricVersion: frozen ?? metric.version };
  };
  const found = {
    primary: primary.map((name) => find("primary", name)),
    secondary: secondary.map((name) => find("secondary", name)),
    guardrails: guardrails.map(({ margin, metric }) => ({ ...find("guardrails", metric), margin })),
  };
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, metrics: found };
}

function optionalFields({
  guardrails: _guardrails,
  primary: _primary,
  secondary: _secondary,
  ...rest
}: PlanFields): Omit<PlanFields, "primary" | "secondary" | "guardrails"> {
  return rest;
}

/** The duration that was said of the experiment itself, where nobody says another one. */
function plannedDuration(details: ExperimentDetails | undefined): Partial<Pick<AnalysisPlan, "durationDays">> {
  const days = details?.plannedDays ?? null;
  return days === null ? {} : { durationDays: days };
}

/** Guardrail metrics that a plan names for the first time: about the others the start, or people since, have decided. */
function newGuardrails(before: AnalysisPlan | undefined, after: AnalysisPlan): readonly PlannedGuardrail[] {
  const named = new Set(before?.guardrails.map(({ metricId }) => metricId));
  return after.guardrails.filter(({ metricId }) => !named.has(metricId));
}

function hasStarted({ status }: Experiment): boolean {
  return status === "running" || status === "paused" || status === "completed" || status === "archived";
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}

function noPlan(id: string): Refusal {
  return { code: "not_found", message: "The experiment has no analysis plan.", kind: "analysis_plan", id };
}
