import {
  DEFAULT_ENVIRONMENT_ID,
  type Actor,
  type Experiment,
  type ExperimentDetails,
  type Flag,
  type Role,
} from "@lotty/domain";
import { ValueSchemas } from "@lotty/value-schemas";
import { createApproverGroupControl, type ApproverGroupControl } from "../services/approver-group-control.ts";
import type { Answer, CommandResult, ControlPorts, ControlSettings } from "../services/command.ts";
import type { NewExperiment } from "../services/create-experiment.ts";
import { createDomainControl, type DomainControl } from "../services/domain-control.ts";
import { createEnvironmentControl, type EnvironmentControl } from "../services/environment-control.ts";
import { createEventTypeControl, type EventTypeControl } from "../services/event-type-control.ts";
import { createExperimentControl, type ExperimentControl } from "../services/experiment-control.ts";
import { createFlagControl, type FlagControl } from "../services/flag-control.ts";
import { createMetricControl, type MetricControl } from "../services/metric-control.ts";
import { createPlanControl, type PlanControl } from "../services/plan-control.ts";
import { createSegmentControl, type SegmentControl } from "../services/segment-control.ts";
import type { NewFlag } from "../services/flag-steps.ts";

/** The controls over some ports, and people who use them. */
export interface ControlFixture<P> {
  readonly ports: P & ControlPorts;
  readonly flags: FlagControl;
  readonly experiments: ExperimentControl;
  readonly domains: DomainControl;
  readonly groups: ApproverGroupControl;
  readonly segments: SegmentControl;
  readonly environments: EnvironmentControl;
  readonly eventTypes: EventTypeControl;
  readonly metrics: MetricControl;
  readonly plans: PlanControl;
}

/** Strict reviews by one other person. */
const SETTINGS: ControlSettings = { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 };

/** Makes the controls. */
export function controlFixture<P extends Omit<ControlPorts, "schemas" | "settings">>(
  fakes: P,
  settings: Partial<ControlSettings> = {},
): ControlFixture<P> {
  const ports = { ...fakes, schemas: new ValueSchemas(), settings: { ...SETTINGS, ...settings } };
  return {
    ports,
    flags: createFlagControl(ports),
    experiments: createExperimentControl(ports),
    domains: createDomainControl(ports),
    groups: createApproverGroupControl(ports),
    segments: createSegmentControl(ports),
    environments: createEnvironmentControl(ports),
    eventTypes: createEventTypeControl(ports),
    metrics: createMetricControl(ports),
    plans: createPlanControl(ports),
  };
}

/** Somebody whose id is their name. */
export function person(name: string, ...roles: readonly Role[]): Actor {
  return { id: name, name, roles, kind: "user", from: "127.0.0.1" };
}

export const EVE: Actor = person("eve", "experimenter");
export const ANN: Actor = person("ann", "approver");
export const ROOT: Actor = person("root", "admin");

/** What every command of somebody says. */
export function by(actor: Actor): { readonly environmentId: string; readonly actor: Actor } {
  return { environmentId: DEFAULT_ENVIRONMENT_ID, actor };
}

/** What came of a command that is not refused. */
export function done<T>(result: CommandResult<T> | Answer<T>): T {
  if (result.status === "done") return result.result;
  throw new Error(result.refusals.map(({ code, message }) => `${code}: ${message}`).join("\n"));
}

/** The codes of a refusal; none when it was not refused. */
export function refusalCodes(answer: CommandResult<unknown> | { readonly status: string }): readonly string[] {
  return "refusals" in answer ? answer.refusals.map(({ code }) => code) : [];
}

export const BUTTON: NewFlag = { key: "button", valueType: "string", defaultValue: "grey" };

/** Fields that pass the launch gate. */
export function soundDraft(flagId: string): NewExperiment {
  return {
    key: "green-button",
    flagId,
    hypothesis: "Green is pressed more often",
    owner: "team checkout",
    plannedDays: 14,
    trafficAllocation: 10_000,
    variants: [
      { name: "control", value: "grey", weight: 5_000, isControl: true },
      { name: "green", value: "green", weight: 5_000, isControl: false },
    ],
  };
}

/** A flag with a draft by Eve that would pass the launch gate. */
export async function drafted(
  fixture: ControlFixture<unknown>,
  fields: Partial<NewExperiment> = {},
): Promise<{ readonly flag: Flag; readonly experiment: Experiment; readonly details: ExperimentDetails }> {
  const { flag } = done(await fixture.flags.create({ ...by(EVE), fields: BUTTON }));
  const draft = { ...soundDraft(flag.id), ...fields };
  const { experiment, details } = done(await fixture.experiments.create({ ...by(EVE), fields: draft }));
  return { flag, experiment, details };
}

/** The same, submitted by Eve, approved by Ann and started by Eve. */
export async function launched(
  fixture: ControlFixture<unknown>,
  fields: Partial<NewExperiment> = {},
): Promise<{ readonly flag: Flag; readonly experiment: Experiment }> {
  const { flag, experiment: draft } = await drafted(fixture, fields);
  const experimentId = draft.id;
  const submitted = done(await fixture.experiments.submit({ ...by(EVE), experimentId }));
  const expectedVersion = submitted.experiment.version;
  done(await fixture.experiments.approve({ ...by(ANN), experimentId, expectedVersion, comment: null }));
  const { experiment } = done(await fixture.experiments.start({ ...by(EVE), experimentId }));
  return { flag, experiment };
}
