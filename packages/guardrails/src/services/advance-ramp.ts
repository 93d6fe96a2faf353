import {
  planExperimentStep,
  planUpdate,
  refused,
  runCommand,
  situationOf,
  type ExperimentSituation,
  type ExperimentStep,
} from "@lotty/control-plane";
import { formatHundredths, systemActor, type Experiment, type Hundredths } from "@lotty/domain";
import { nextRampMove, type RampMove } from "../ramp/next-ramp-move.ts";
import type { GuardrailPorts } from "./guardrail-ports.ts";

const ACTOR = systemActor("ramp");

/**
 * Takes the next step of a running experiment's ramp plan, if it is due: an edit of the share of subjects on record, in one commit with
 * the plan's state. It needs no review of its own: the plan was part of what the reviewers approved, and a share that only grows moves
 * nobody who is in.
 *
 * @returns what the plan does; `undefined` when the experiment has none or does not run
 * @throws LottyError what the store throws
 */
export async function advanceRamp(
  ports: GuardrailPorts,
  environmentId: string,
  experiment: Experiment,
): Promise<RampMove | undefined> {
  const experimentId = experiment.id;
  let move: RampMove | undefined;
  await runCommand(ports, { actor: ACTOR, environmentId, permission: "experiment.run" }, async (ground) => {
    const about = { environmentId, experimentId };
    const [[plan], situation] = await Promise.all([
      ports.guardrails.ramps(environmentId, experimentId),
      situationOf(ports, about, ground),
    ]);
    if (plan === undefined || situation?.experiment.status !== "running") return refused();
    const [guardrails, seen] = await Promise.all([
      ports.guardrails.list(environmentId, experimentId),
      ports.guardrails.evaluations(environmentId, experimentId),
    ]);
    move = nextRampMove({
      plan,
      allocation: situation.experiment.trafficAllocation,
      runningSince: situation.details.startedAt ?? situation.experiment.updatedAt,
      evaluations: guardrails.map(({ id }) => seen.find(({ guardrailId }) => guardrailId === id)),
      now: ground.now,
    });
    if (move.kind !== "step") return refused();
    const { allocation, isLast } = move;
    const edited = await planExperimentStep(ports, about, { ground, step: growStep(allocation) });
    if (edited.status === "refused") return edited;
    const taken = { ...plan, since: ground.now, version: plan.version + 1, updatedAt: ground.now };
    return {
      ...edited,
      change: { ...edited.change, guardrails: { putRamps: [taken] } },
      announcements: [announcement(situation, allocation, isLast), ...(edited.announcements ?? [])],
    };
  });
  return move;
}

/** Lets more subjects in. */
function growStep(allocation: Hundredths): ExperimentStep {
  return {
    action: "apply_edit",
    permission: "experiment.run",
    plan: (situation, status) =>
      planUpdate(situation, {
        action: "experiment.ramp",
        after: {
          experiment: { ...situation.experiment, status, trafficAllocation: allocation },
          details: situation.details,
        },
      }),
  };
}

function announcement(
  { experiment, flagDetails }: ExperimentSituation,
  allocation: Hundredths,
  isLast: boolean,
): {
  readonly kind: "ramp.step_taken" | "ramp.finished";
  readonly experiment: { readonly id: string; readonly key: string };
  readonly tags: readonly string[];
  readonly summary: string;
  readonly facts: { readonly from: string; readonly to: string };
} {
  const { id, key } = experiment;
  const [from, to] = [formatHundredths(experiment.trafficAllocation), formatHundredths(allocation)];
  return {
    kind: isLast ? "ramp.finished" : "ramp.step_taken",
    experiment: { id, key },
    tags: flagDetails?.tags ?? [],
    summary: `${key} takes ${to} % of its subjects from now on, by its ramp plan.`,
    facts: { from, to },
  };
}
