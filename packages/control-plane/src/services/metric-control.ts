import { EXPOSURE_EVENT_TYPE, type EventSelection, type Metric, type MetricDefinition } from "@lotty/domain";
import { definitionFaults } from "@lotty/metrics";
import { keyFault } from "../key-fault.ts";
import { nextVersion } from "../next-version.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { versionMismatch } from "./experiment-command.ts";
import { runCommand } from "./run-command.ts";

/** What of a metric can be said. What is absent stays as it is, or empty. */
export interface MetricEdit {
  readonly name?: string;
  readonly description?: string | null;
  readonly owner?: string | null;
  readonly tags?: readonly string[];
  readonly definition?: MetricDefinition;
  /** Whether it is no longer planned with. */
  readonly archived?: boolean;
}

/** A metric that is to be. */
export interface NewMetric extends Omit<MetricEdit, "archived"> {
  readonly key: string;
  readonly definition: MetricDefinition;
}

/** A change of a metric. */
export interface MetricCommand extends Command {
  readonly metricId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion: number;
  readonly edit: MetricEdit;
}

/**
 * Everything that can be done with metrics; as `ExperimentControl` is for experiments. Every change makes a version, and plans name the
 * version that they mean: what was measured keeps its meaning. A metric keeps its key and is never removed: it is archived.
 */
export interface MetricControl {
  create(command: Command & { readonly fields: NewMetric }): Promise<CommandResult<Metric>>;
  edit(command: MetricCommand): Promise<CommandResult<Metric>>;
}

/** Makes the control of metrics. */
export function createMetricControl(ports: ControlPorts): MetricControl {
  const { metrics, store } = ports;
  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "metric.edit" }, async ({ now }) => {
        const { environmentId, fields } = command;
        const { definition, key } = fields;
        const blank: Metric = {
          ...BLANK,
          id: ports.ids.next(now),
          environmentId,
          key,
          name: key,
          definition,
          updatedAt: now,
        };
        const metric = withEdit(blank, fields, now);
        const refusals = [...keyRefusals(key), ...(await definitionRefusals(metric))];
        if ((await metrics.list(environmentId)).some((each) => each.key === key)) {
          refusals.push({ code: "key_taken", message: `There is a metric ${key} already.`, key });
        }
        return refusals.length > 0 ? refused(...refusals) : planMetric("metric.create", null, metric);
      }),
    edit: (command) =>
      runCommand(ports, { ...command, permission: "metric.edit" }, async ({ now }) => {
        const { edit, environmentId, expectedVersion, metricId } = command;
        const before = await metrics.find(environmentId, metricId);
        if (before === undefined) return refused(notFound(metricId));
        const mismatch = versionMismatch(before.version, expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const edited = withEdit(before, edit, now);
        if (JSON.stringify(edited) === JSON.stringify(before)) {
          return refused({ code: "nothing_changed", message: "Everything is so already." });
        }
        const refusals = edit.definition === undefined ? [] : await definitionRefusals(edited);
        return refusals.length > 0
          ? refused(...refusals)
          : planMetric(actionOf(before, edited), before, nextVersion(edited, now));
      }),
  };

  /** What cannot be measured, and what would never be: events of a type that there is not are never taken. */
  async function definitionRefusals({ definition, environmentId }: Metric): Promise<Refusal[]> {
    const refusals = definitionFaults(definition).map(({ field, message }) => invalid(`definition.${field}`, message));
    const types = await store.eventTypes(environmentId);
    const known = new Set([EXPOSURE_EVENT_TYPE, ...types.map(({ key }) => key)]);
    const sides: readonly (readonly [string, EventSelection | null])[] = [
      ["numerator", definition.numerator],
      ["denominator", definition.denominator],
    ];
    for (const [side, selection] of sides) {
      if (selection === null || known.has(selection.eventType)) continue;
      refusals.push(invalid(`definition.${side}.event_type`, `There is no event type ${selection.eventType}.`));
    }
    return refusals;
  }
}

const BLANK = { description: null, owner: null, tags: [], version: 1, archivedAt: null } as const;

function withEdit(metric: Metric, edit: MetricEdit, now: number): Metric {
  const { archived, ...fields } = edit;
  const archivedAt = archived === undefined ? metric.archivedAt : archived ? (metric.archivedAt ?? now) : null;
  return { ...metric, ...fields, archivedAt };
}

function keyRefusals(key: string): Refusal[] {
  const fault = keyFault(key);
  return fault === undefined ? [] : [invalid("key", fault)];
}

function actionOf(before: Metric, after: Metric): string {
  if ((before.archivedAt === null) === (after.archivedAt === null)) return "metric.edit";
  return after.archivedAt === null ? "metric.restore" : "metric.archive";
}

function planMetric(action: string, before: Metric | null, after: Metric): Plan<Metric> {
  const entity = { kind: "metric", id: after.id, key: after.key } as const;
  return {
    status: "planned",
    change: { putMetrics: [after] },
    audit: [{ action, entity, before, after }],
    result: after,
  };
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}

function notFound(id: string): Refusal {
  return { code: "not_found", message: `There is no metric ${id}.`, kind: "metric", id };
}
