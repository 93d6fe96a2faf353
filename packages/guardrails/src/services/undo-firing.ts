import {
  planExperimentStep,
  refused,
  resumeStep,
  runCommand,
  situationOf,
  type Command,
  type CommandResult,
  type Ground,
  type Plan,
} from "@lotty/control-plane";
import type { FiringStep, RecordedFiring } from "@lotty/domain";
import type { GuardrailPorts } from "./guardrail-ports.ts";

/** Takes a firing back. */
export interface UndoCommand extends Command {
  readonly experimentId: string;
  readonly firingId: string;
  /** Why the experiment is to go on, for the record. */
  readonly reason: string;
}

/**
 * Takes a firing back: what it stopped goes on, with the reason on record, in one commit. The guardrail stays and judges subjects who are
 * first exposed from then on, with its alpha anew.
 */
export function undoFiring(ports: GuardrailPorts, command: UndoCommand): Promise<CommandResult<RecordedFiring>> {
  return runCommand(ports, { ...command, permission: "experiment.run" }, (ground) => planUndo(ports, command, ground));
}

async function planUndo(ports: GuardrailPorts, command: UndoCommand, ground: Ground): Promise<Plan<RecordedFiring>> {
  const { actor, environmentId, experimentId, firingId, reason } = command;
  const recorded = await ports.guardrails.firing(environmentId, firingId);
  if (recorded === undefined || recorded.firing.experimentId !== experimentId) {
    return refused({ code: "not_found", message: `There is no firing ${firingId}.`, kind: "guardrail", id: firingId });
  }
  if (reason.trim() === "")
    return refused({ code: "invalid_field", field: "reason", message: "Say why it is undone." });
  if (recorded.steps.some(({ kind }) => kind === "undone")) {
    return refused({ code: "nothing_changed", message: "It has been undone already." });
  }
  const situation = await situationOf(ports, { environmentId, experimentId }, ground);
  const { action } = recorded.firing.guardrail.rule;
  const goesOn = action !== "notify" && situation?.experiment.status === "paused";
  const resumed = goesOn
    ? await planExperimentStep(ports, { environmentId, experimentId }, { ground, step: resumeStep(ports) })
    : undefined;
  if (resumed?.status === "refused") return resumed;
  const step: FiringStep = {
    id: ports.ids.next(ground.now),
    firingId,
    at: ground.now,
    kind: "undone",
    actorName: actor.name,
    said: reason,
  };
  const guardrails = await ports.guardrails.list(environmentId, experimentId);
  const guardrail = guardrails.find(({ id }) => id === recorded.firing.guardrail.id);
  const armed = guardrail && {
    ...guardrail,
    armedAt: ground.now,
    version: guardrail.version + 1,
    updatedAt: ground.now,
  };
  const { key } = situation?.experiment ?? { key: experimentId };
  return {
    status: "planned",
    change: { ...resumed?.change, guardrails: { ...(armed && { put: [armed] }), addSteps: [step] } },
    audit: [
      ...(resumed?.audit ?? []),
      {
        action: "guardrail.undo",
        entity: { kind: "guardrail", id: recorded.firing.guardrail.id, key: recorded.firing.guardrail.metricId },
        before: { firing: recorded.firing },
        after: { step },
      },
    ],
    announcements: [
      {
        kind: "guardrail.undone",
        experiment: { id: experimentId, key },
        tags: situation?.flagDetails?.tags ?? [],
        summary: `${key}: a guardrail's firing was undone (${reason})`,
        facts: { firing_id: firingId, guardrail_id: recorded.firing.guardrail.id, reason, resumed: goesOn },
      },
      ...(resumed?.announcements ?? []),
    ],
    result: { firing: recorded.firing, steps: [...recorded.steps, step] },
  };
}
