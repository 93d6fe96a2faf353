import {
  planExperimentStep,
  planUpdate,
  refused,
  runCommand,
  toBeReviewed,
  versionMismatch,
  type Command,
  type CommandResult,
  type ExperimentStep,
  type Plan,
  type Refusal,
} from "@lotty/control-plane";
import { FULL_ALLOCATION, isActive, rampFaults, type RampPlan, type RampStep } from "@lotty/domain";
import type { GuardrailPorts } from "./guardrail-ports.ts";

/** A command about the ramp plan of an experiment. */
export interface RampCommand extends Command {
  readonly experimentId: string;
  /** The plan's version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** Everything that can be done with ramp plans. Each command is one commit or none. Methods throw what the store throws. */
export interface RampControl {
  /**
   * Gives an experiment a plan, or another one, before it starts. The share of subjects becomes that of the first step, and whatever was
   * approved has to be approved anew: the reviewers' approval is one of all steps, which therefore need none of their own.
   */
  put(command: RampCommand & { readonly steps: readonly RampStep[] }): Promise<CommandResult<RampPlan>>;
  /** Stops taking steps, until {@link RampControl.release}. */
  hold(command: RampCommand): Promise<CommandResult<RampPlan>>;
  release(command: RampCommand): Promise<CommandResult<RampPlan>>;
  /** Takes the plan away. The share in force stays. */
  remove(command: RampCommand): Promise<CommandResult<null>>;
}

/** Makes the control of ramp plans. */
export function createRampControl(ports: GuardrailPorts): RampControl {
  return {
    put: (command) =>
      runCommand(ports, { ...command, permission: "experiment.edit" }, async (ground) => {
        const { actor, environmentId, experimentId, steps } = command;
        const faults = stepRefusals(steps);
        if (faults.length > 0) return refused(...faults);
        const before = await rampOf(ports, command);
        const mismatch = versionMismatch(before?.version ?? 0, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const { now } = ground;
        const plan: RampPlan = {
          experimentId,
          steps,
          held: false,
          since: null,
          version: (before?.version ?? 0) + 1,
          updatedAt: now,
        };
        const edited = await planExperimentStep(
          ports,
          { environmentId, experimentId },
          {
            ground,
            step: planStep(plan, actor.id),
          },
        );
        if (edited.status === "refused") return edited;
        return { ...edited, change: { ...edited.change, guardrails: { putRamps: [plan] } }, result: plan };
      }),
    hold: (command) => changeHold(ports, command, true),
    release: (command) => changeHold(ports, command, false),
    remove: (command) =>
      runCommand(ports, { ...command, permission: "experiment.edit" }, async ({ configuration }) => {
        const { experimentId } = command;
        const before = await rampOf(ports, command);
        if (before === undefined) return refused(noPlan(experimentId));
        const mismatch = versionMismatch(before.version, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const key = configuration.experiments.find(({ id }) => id === experimentId)?.key ?? experimentId;
        return {
          status: "planned",
          change: { guardrails: { removeRampsOf: [experimentId] } },
          audit: [{ action: "ramp.remove", entity: entityOf(experimentId, key), before, after: null }],
          result: null,
        };
      }),
  };
}

/** The first step of a plan as an edit of the experiment, which makes approvals void. */
function planStep(plan: RampPlan, actorId: string): ExperimentStep {
  return {
    action: "edit",
    permission: "experiment.edit",
    plan: (situation, status) => {
      const { details, experiment } = situation;
      if (isActive(experiment.status) || experiment.status === "completed") {
        const message =
          "A ramp plan is given before the start, so that reviewers approve all of its steps. Of a running experiment it can be held, released and removed.";
        return refused({ code: "invalid_field", field: "steps", message });
      }
      return planUpdate(situation, {
        action: "experiment.plan_ramp",
        after: {
          experiment: { ...experiment, status, trafficAllocation: plan.steps[0]?.allocation ?? FULL_ALLOCATION },
          details: toBeReviewed(details, experiment, actorId),
        },
        reason: describe(plan),
      });
    },
  };
}

function changeHold(ports: GuardrailPorts, command: RampCommand, held: boolean): Promise<CommandResult<RampPlan>> {
  return runCommand(
    ports,
    { ...command, permission: "experiment.pause" },
    async ({ configuration, now }): Promise<Plan<RampPlan>> => {
      const { experimentId } = command;
      const before = await rampOf(ports, command);
      if (before === undefined) return refused(noPlan(experimentId));
      const mismatch = versionMismatch(before.version, command.expectedVersion);
      if (mismatch !== undefined) return refused(mismatch);
      if (before.held === held) return refused({ code: "nothing_changed", message: "Everything is so already." });
      // A step has to be held for its time again after people have looked into something.
      const after = { ...before, held, since: held ? before.since : now, version: before.version + 1, updatedAt: now };
      const key = configuration.experiments.find(({ id }) => id === experimentId)?.key ?? experimentId;
      return {
        status: "planned",
        change: { guardrails: { putRamps: [after] } },
        audit: [{ action: held ? "ramp.hold" : "ramp.release", entity: entityOf(experimentId, key), before, after }],
        ...(held && {
          announcements: [
            {
              kind: "ramp.held",
              experiment: { id: experimentId, key },
              tags: [],
              summary: `${key}: the ramp plan is held.`,
              facts: { version: after.version },
            },
          ],
        }),
        result: after,
      };
    },
  );
}

async function rampOf(
  { guardrails }: GuardrailPorts,
  { environmentId, experimentId }: RampCommand,
): Promise<RampPlan | undefined> {
  const [plan] = await guardrails.ramps(environmentId, experimentId);
  return plan;
}

function stepRefusals(steps: readonly RampStep[]): readonly Refusal[] {
  return rampFaults(steps).map((message) => ({ code: "invalid_field", field: "steps", message }));
}

function describe({ steps }: RampPlan): string {
  return steps
    .map(({ allocation, holdHours }) => `${(allocation / 100).toFixed(2)} % for ${holdHours} h`)
    .join(", then ");
}

function noPlan(experimentId: string): Refusal {
  return { code: "not_found", message: "The experiment has no ramp plan.", kind: "experiment", id: experimentId };
}

function entityOf(id: string, key: string): { readonly kind: "experiment"; readonly id: string; readonly key: string } {
  return { kind: "experiment", id, key };
}
