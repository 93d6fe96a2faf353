import { DEFAULT_ENVIRONMENT_ID, type ControlChange, type Flag } from "@lotty/domain";
import { PERMISSIONS, type Permission } from "../people/permission.ts";
import type { Refusal } from "../refusal.ts";
import type { Command } from "./command.ts";

/** A change that somebody wants to make, and the flags as they are where it is made. */
export interface WantedChange {
  readonly command: Command;
  readonly permission: Permission;
  readonly change: Pick<ControlChange, "configuration" | "putFlagDetails">;
  readonly before: readonly Flag[];
}

/**
 * The refusal of a key of another environment than production that would change what flags are everywhere. Making flags is allowed to
 * such keys, with all that is said about them.
 *
 * @returns `undefined` when there is nothing against the change
 */
export function boundElsewhere({ before, change, command, permission }: WantedChange): Refusal | undefined {
  const { actor, environmentId } = command;
  if (actor.kind !== "key" || environmentId === DEFAULT_ENVIRONMENT_ID || !concernsAll(change, before)) {
    return undefined;
  }
  const message =
    "Type, schema, description, owner and tags of a flag are the same in all environments, and so is whether it is archived or " +
    "there at all: a key changes them only when it is bound to production.";
  return { code: "forbidden", message, permission, roles: PERMISSIONS[permission] };
}

/** Whether a change of flags that are there takes effect in all environments. */
function concernsAll({ configuration, putFlagDetails = [] }: WantedChange["change"], before: readonly Flag[]): boolean {
  const { putFlags = [], removeFlagIds = [] } = configuration ?? {};
  const types = new Map(before.map(({ id, valueType }) => [id, valueType]));
  return (
    putFlagDetails.some(({ flagId }) => types.has(flagId)) ||
    removeFlagIds.length > 0 ||
    putFlags.some(({ id, valueType }) => types.has(id) && types.get(id) !== valueType)
  );
}
