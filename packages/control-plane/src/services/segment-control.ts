import type { Segment } from "@lotty/domain";
import { nextVersion } from "../next-version.ts";
import type { Refusal } from "../refusal.ts";
import { segmentRefusals, usersOfSegment } from "../segments/check-segment.ts";
import { refused, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { versionMismatch } from "./experiment-command.ts";
import { runCommand } from "./run-command.ts";

/** A command about a segment. */
export interface SegmentCommand extends Command {
  readonly segmentId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/**
 * Everything that can be done with segments; as `ExperimentControl` is for experiments. A segment keeps its key: rules ask by it.
 */
export interface SegmentControl {
  create(command: Command & { readonly key: string; readonly rule: string }): Promise<CommandResult<Segment>>;
  edit(
    command: SegmentCommand & { readonly expectedVersion: number; readonly rule: string },
  ): Promise<CommandResult<Segment>>;
  /** Removes a segment that nothing asks for. */
  remove(command: SegmentCommand): Promise<CommandResult<null>>;
}

/** Makes the control of segments. */
export function createSegmentControl(ports: ControlPorts): SegmentControl {
  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "segment.edit" }, ({ configuration, now }) => {
        const { key, rule } = command;
        const segment = { id: ports.ids.next(now), key, rule, version: 1, updatedAt: now };
        const refusals = segmentRefusals(segment, configuration);
        return refusals.length > 0 ? refused(...refusals) : planSegment("segment.create", null, segment);
      }),
    edit: (command) =>
      runCommand(ports, { ...command, permission: "segment.edit" }, ({ configuration, now }) => {
        const before = configuration.segments.find(({ id }) => id === command.segmentId);
        if (before === undefined) return refused(segmentNotFound(command.segmentId));
        const mismatch = versionMismatch(before.version, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        if (before.rule === command.rule) {
          return refused({ code: "nothing_changed", message: "Everything is so already." });
        }
        const after = nextVersion({ ...before, rule: command.rule }, now);
        const refusals = segmentRefusals(after, configuration);
        return refusals.length > 0 ? refused(...refusals) : planSegment("segment.edit", before, after);
      }),
    remove: (command) =>
      runCommand(ports, { ...command, permission: "segment.edit" }, ({ configuration }) => {
        const segment = configuration.segments.find(({ id }) => id === command.segmentId);
        if (segment === undefined) return refused(segmentNotFound(command.segmentId));
        const mismatch = versionMismatch(segment.version, command.expectedVersion);
        if (mismatch !== undefined) return refused(mismatch);
        const by = usersOfSegment(segment, configuration);
        if (by.length > 0) {
          const message = `Rules ask for ${segment.key}: ${by.join(", ")}.`;
          return refused({ code: "in_use", message, by });
        }
        return {
          status: "planned",
          change: { configuration: { removeSegmentIds: [segment.id] } },
          audit: [{ action: "segment.remove", entity: entityOf(segment), before: segment, after: null }],
          result: null,
        };
      }),
  };
}

function planSegment(action: string, before: Segment | null, after: Segment): Plan<Segment> {
  return {
    status: "planned",
    change: { configuration: { putSegments: [after] } },
    audit: [{ action, entity: entityOf(after), before, after }],
    result: after,
  };
}

function entityOf({ id, key }: Segment): { readonly kind: "segment"; readonly id: string; readonly key: string } {
  return { kind: "segment", id, key };
}

function segmentNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no segment ${id}.`, kind: "segment", id };
}
