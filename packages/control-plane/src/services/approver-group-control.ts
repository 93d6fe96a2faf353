import type { ApproverGroup } from "@lotty/domain";
import { keyFault } from "../key-fault.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import { runCommand } from "./run-command.ts";

/** A group as it is to be: with the id of a stored one, or as a new one. */
export type ApproverGroupFields = Omit<ApproverGroup, "id"> & { readonly id?: string };

/** Everything that can be done with approver groups; as `ExperimentControl` is for experiments. Reviews count by the groups as they are. */
export interface ApproverGroupControl {
  put(command: Command & { readonly group: ApproverGroupFields }): Promise<CommandResult<ApproverGroup>>;
  remove(command: Command & { readonly groupId: string }): Promise<CommandResult<null>>;
}

/** Makes the control of approver groups. */
export function createApproverGroupControl(ports: ControlPorts): ApproverGroupControl {
  const { store } = ports;
  return {
    put: (command) =>
      runCommand(ports, { ...command, permission: "approver_group.edit" }, async ({ now }) => {
        const { id, name, experimenters, approvers, minimum } = command.group;
        const groups = await store.approverGroups(command.environmentId);
        const before = groups.find((group) => group.id === id);
        if (id !== undefined && before === undefined) return refused(groupNotFound(id));
        const after: ApproverGroup = {
          id: before?.id ?? ports.ids.next(now),
          name,
          experimenters: [...new Set(experimenters)],
          approvers: [...new Set(approvers)],
          minimum,
        };
        const refusals = groupRefusals(after, groups);
        if (refusals.length > 0) return refused(...refusals);
        const entity = { kind: "approver_group", id: after.id, key: after.name } as const;
        const action = before === undefined ? "approver_group.create" : "approver_group.edit";
        return {
          status: "planned",
          change: { putApproverGroups: [after] },
          audit: [{ action, entity, before: before ?? null, after }],
          result: after,
        };
      }),
    remove: (command) =>
      runCommand(ports, { ...command, permission: "approver_group.edit" }, async () => {
        const groups = await store.approverGroups(command.environmentId);
        const group = groups.find(({ id }) => id === command.groupId);
        if (group === undefined) return refused(groupNotFound(command.groupId));
        const entity = { kind: "approver_group", id: group.id, key: group.name } as const;
        return {
          status: "planned",
          change: { removeApproverGroupIds: [group.id] },
          audit: [{ action: "approver_group.remove", entity, before: group, after: null }],
          result: null,
        };
      }),
  };
}

/** All that is wrong with a group. One that could never approve would lock its experimenters out. */
function groupRefusals(group: ApproverGroup, groups: readonly ApproverGroup[]): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const fault = keyFault(group.name);
  if (fault !== undefined) refusals.push(invalid("name", fault));
  if (groups.some(({ id, name }) => id !== group.id && name === group.name)) {
    refusals.push({ code: "key_taken", message: `Another group is called ${group.name}.`, key: group.name });
  }
  if (!Number.isInteger(group.minimum) || group.minimum < 1) {
    refusals.push(invalid("minimum", "At least one approval is needed."));
  } else if (group.minimum > group.approvers.length) {
    refusals.push(
      invalid("minimum", `${group.minimum} approvals cannot come from ${group.approvers.length} approvers.`),
    );
  }
  return refusals;
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}

function groupNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no approver group ${id}.`, kind: "approver_group", id };
}
