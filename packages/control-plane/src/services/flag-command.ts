import type { Configuration, Flag, FlagDetails, Instant } from "@lotty/domain";
import { flagRefusals } from "../flags/check-flag.ts";
import { newFlagDetails, type DescribedFlag } from "../flags/edit-flag.ts";
import { nextVersion } from "../next-version.ts";
import type { Permission } from "../people/permission.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { versionMismatch } from "./experiment-command.ts";
import { runCommand } from "./run-command.ts";

/** A command about a flag. */
export interface FlagCommand extends Command {
  readonly flagId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** A flag with its surroundings. */
export interface FlagSituation extends DescribedFlag {
  readonly configuration: Configuration;
  readonly now: Instant;
}

/** What a command about a flag does, and what that takes. */
export interface FlagStep<T> {
  readonly permission: Permission;
  readonly plan: (situation: FlagSituation) => Plan<T> | Promise<Plan<T>>;
}

/** Runs a command about a flag: permission, existence and version are checked before it is planned. */
export function runFlagCommand<T>(
  ports: ControlPorts,
  command: FlagCommand,
  { permission, plan }: FlagStep<T>,
): Promise<CommandResult<T>> {
  return runCommand(ports, { ...command, permission }, async ({ configuration, now }) => {
    const flag = configuration.flags.find(({ id }) => id === command.flagId);
    if (flag === undefined) return refused(flagNotFound(command.flagId));
    const mismatch = versionMismatch(flag.version, command.expectedVersion);
    if (mismatch !== undefined) return refused(mismatch);
    const details = (await ports.store.flagDetails(command.environmentId, flag.id)) ?? newFlagDetails(flag.id);
    return plan({ configuration, now, flag, details });
  });
}

/** Plans to write a flag with its details as its next version, if nothing is wrong with it. */
export function planFlag(
  ports: ControlPorts,
  situation: FlagSituation,
  { action, after }: { readonly action: string; readonly after: DescribedFlag },
): Plan<DescribedFlag> {
  const { configuration, now } = situation;
  const refusals = flagRefusals({ ...after, configuration, schemas: ports.schemas });
  if (refusals.length > 0) return refused(...refusals);
  const flag = nextVersion({ ...after.flag, version: situation.flag.version }, now);
  return planned({ action, before: situation, flag, details: after.details });
}

/** Plans to write a flag as it is given. */
export function planned(write: {
  readonly action: string;
  readonly before: DescribedFlag | null;
  readonly flag: Flag;
  readonly details: FlagDetails;
}): Plan<DescribedFlag> {
  const { action, before, flag, details } = write;
  return {
    status: "planned",
    change: { configuration: { putFlags: [flag] }, putFlagDetails: [details] },
    audit: [
      {
        action,
        entity: { kind: "flag", id: flag.id, key: flag.key },
        before: before === null ? null : { ...before.flag, details: before.details },
        after: { ...flag, details },
      },
    ],
    result: { flag, details },
  };
}

/** The refusal of a flag that does not exist. */
export function flagNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no flag ${id}.`, kind: "flag", id };
}
