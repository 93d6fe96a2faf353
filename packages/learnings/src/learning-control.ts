import {
  refused,
  runCommand,
  versionMismatch,
  type Command,
  type CommandResult,
  type ControlPorts,
  type Refusal,
} from "@lotty/control-plane";
import { compareCodePoints, type LearnedEffect, type Learning, type Learnings } from "@lotty/domain";

/** What changing learnings takes. */
export interface LearningPorts extends ControlPorts {
  readonly learnings: Learnings;
}

/** New values of what people may change. */
export interface LearningEdit {
  readonly notes?: string | null;
  readonly tags?: readonly string[];
}

/** A command about a learning. */
export interface LearningCommand extends Command {
  readonly learningId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** Everything that can be done with learnings; as `ExperimentControl` is for experiments. */
export interface LearningControl {
  edit(command: LearningCommand & { readonly edit: LearningEdit }): Promise<CommandResult<Learning>>;
  /** Writes what results say, once they are there. */
  measure(command: LearningCommand & { readonly effects: readonly LearnedEffect[] }): Promise<CommandResult<Learning>>;
}

/** Makes the control of learnings. */
export function createLearningControl(ports: LearningPorts): LearningControl {
  function change(
    action: string,
    command: LearningCommand,
    changed: (learning: Learning) => Learning,
  ): Promise<CommandResult<Learning>> {
    const { environmentId, expectedVersion, learningId } = command;
    return runCommand(ports, { ...command, permission: "learning.edit" }, async ({ now }) => {
      const before = await ports.learnings.find(environmentId, learningId);
      if (before === undefined) return refused(learningNotFound(learningId));
      const mismatch = versionMismatch(before.version, expectedVersion);
      if (mismatch !== undefined) return refused(mismatch);
      const edited = changed(before);
      if (JSON.stringify(edited) === JSON.stringify(before)) {
        return refused({ code: "nothing_changed", message: "Everything is so already." });
      }
      const after = { ...edited, version: before.version + 1, updatedAt: now };
      const entity = { kind: "learning", id: after.id, key: after.experimentKey } as const;
      return {
        status: "planned",
        change: { putLearnings: [after] },
        audit: [{ action, entity, before, after }],
        result: after,
      };
    });
  }

  return {
    edit: (command) =>
      change("learning.edit", command, (learning) => {
        const { notes = learning.notes, tags = learning.tags } = command.edit;
        return { ...learning, notes, tags: [...new Set(tags)].toSorted(compareCodePoints) };
      }),
    measure: (command) =>
      change("learning.measure", command, (learning) => ({ ...learning, effects: command.effects })),
  };
}

function learningNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no learning ${id}.`, kind: "learning", id };
}
