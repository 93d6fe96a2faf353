import {
  experimentNotFound,
  refused,
  runCommand,
  versionMismatch,
  type Command,
  type CommandResult,
  type Ground,
  type Plan,
  type Refusal,
} from "@lotty/control-plane";
import {
  GUARDRAIL_DEFAULTS,
  isConcluded,
  type Experiment,
  type Guardrail,
  type GuardrailRule,
  type Metric,
} from "@lotty/domain";
import { ruleRefusals } from "./check-rule.ts";
import type { GuardrailPorts } from "./guardrail-ports.ts";

/** A rule as it is asked for; what is left out is as in {@link GUARDRAIL_DEFAULTS}. */
export type RuleFields = Partial<GuardrailRule> & Pick<GuardrailRule, "margin" | "action">;

/** A command about one guardrail. */
export interface GuardrailCommand extends Command {
  readonly experimentId: string;
  readonly guardrailId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** Everything that can be done with guardrails. Each command is one commit or none. Methods throw what the store throws. */
export interface GuardrailControl {
  /** Watches a metric, in its current version. */
  create(
    command: Command & { readonly experimentId: string; readonly metricId: string; readonly rule: RuleFields },
  ): Promise<CommandResult<Guardrail>>;
  /** Changes the rule. The metric and its version stay. */
  edit(command: GuardrailCommand & { readonly rule: Partial<GuardrailRule> }): Promise<CommandResult<Guardrail>>;
  remove(command: GuardrailCommand): Promise<CommandResult<null>>;
}

/** Makes the control of guardrails. */
export function createGuardrailControl(ports: GuardrailPorts): GuardrailControl {
  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "experiment.edit" }, async (ground) => {
        const experiment = openExperiment(ground, command.experimentId);
        if ("code" in experiment) return refused(experiment);
        const metric = await ports.metrics.find(command.environmentId, command.metricId);
        if (metric === undefined || metric.archivedAt !== null) return refused(metricNotFound(command.metricId));
        const guardrail: Guardrail = {
          id: ports.ids.next(ground.now),
          experimentId: experiment.id,
          metricId: metric.id,
          metricVersion: metric.version,
          rule: { ...GUARDRAIL_DEFAULTS, ...command.rule },
          armedAt: null,
          version: 1,
          updatedAt: ground.now,
        };
        return planGuardrail("guardrail.create", { before: null, after: guardrail }, { experiment, metric });
      }),
    edit: (command) =>
      runCommand(ports, { ...command, permission: "experiment.edit" }, async (ground) => {
        const experiment = openExperiment(ground, command.experimentId);
        if ("code" in experiment) return refused(experiment);
        const before = await findGuardrail(ports, command);
        if ("code" in before) return refused(before);
        const metric = await ports.metrics.find(command.environmentId, before.metricId, before.metricVersion);
        if (metric === undefined) return refused(metricNotFound(before.metricId));
        const after = { ...before, rule: { ...before.rule, ...command.rule }, ...nextVersion(before, ground) };
        return planGuardrail("guardrail.edit", { before, after }, { experiment, metric });
      }),
    remove: (command) =>
      runCommand(ports, { ...command, permission: "experiment.edit" }, async () => {
        const before = await findGuardrail(ports, command);
        if ("code" in before) return refused(before);
        return {
          status: "planned",
          change: { guardrails: { removeIds: [before.id] } },
          audit: [
            {
              action: "guardrail.remove",
              entity: { kind: "guardrail", id: before.id, key: before.metricId },
              before,
              after: null,
            },
          ],
          result: null,
        };
      }),
  };
}

/** A guardrail of an experiment in the version that the actor has seen, or why not. */
async function findGuardrail(
  { guardrails }: GuardrailPorts,
  { environmentId, expectedVersion, experimentId, guardrailId }: GuardrailCommand,
): Promise<Guardrail | Refusal> {
  const all = await guardrails.list(environmentId, experimentId);
  const found = all.find(({ id }) => id === guardrailId);
  if (found === undefined) {
    return { code: "not_found", message: `There is no guardrail ${guardrailId}.`, kind: "guardrail", id: guardrailId };
  }
  return versionMismatch(found.version, expectedVersion) ?? found;
}

function openExperiment({ configuration }: Ground, experimentId: string): Experiment | Refusal {
  const experiment = configuration.experiments.find(({ id }) => id === experimentId);
  if (experiment === undefined) return experimentNotFound(experimentId);
  if (!isConcluded(experiment.status) && experiment.status !== "rejected") return experiment;
  const message = `The experiment is ${experiment.status}; there is nothing left to guard.`;
  return { code: "invalid_field", field: "experimentId", message };
}

function nextVersion({ version }: Guardrail, { now }: Ground): Pick<Guardrail, "version" | "updatedAt"> {
  return { version: version + 1, updatedAt: now };
}

function planGuardrail(
  action: string,
  { after, before }: { readonly before: Guardrail | null; readonly after: Guardrail },
  about: { readonly experiment: Experiment; readonly metric: Metric },
): Plan<Guardrail> {
  const refusals = ruleRefusals(after.rule, about);
  if (refusals.length > 0) return refused(...refusals);
  return {
    status: "planned",
    change: { guardrails: { put: [after] } },
    audit: [{ action, entity: { kind: "guardrail", id: after.id, key: about.metric.key }, before, after }],
    result: after,
  };
}

function metricNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no metric ${id} in use.`, kind: "metric", id };
}
