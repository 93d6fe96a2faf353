import { MICROS_PER_DAY } from "@lotty/domain";
import { diffFlags, type FlagDifference } from "../flags/diff-flags.ts";
import type { DescribedFlag, FlagEdit } from "../flags/edit-flag.ts";
import { staleFlags, type StaleFlag } from "../flags/stale-flags.ts";
import { mayDo } from "../people/permission.ts";
import { refused, type Answer, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import { flagNotFound, runFlagCommand, type FlagCommand } from "./flag-command.ts";
import {
  archiveFlagStep,
  createFlag,
  editFlagStep,
  removeFlagStep,
  restoreFlagStep,
  unarchiveFlagStep,
  type NewFlag,
} from "./flag-steps.ts";
import { switchFlag } from "./switch-flag.ts";

type Commanded = Promise<CommandResult<DescribedFlag>>;

/** Two versions of a flag. */
export interface FlagVersionsQuestion extends Command {
  readonly flagId: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Everything that can be done with flags. Each command is one commit or none; a refusal says why and what would be allowed. Methods
 * throw what the store throws, and LottyError `revision_conflict` when others were faster again and again.
 */
export interface FlagControl {
  create(command: Command & { readonly fields: NewFlag }): Commanded;
  edit(command: FlagCommand & { readonly expectedVersion: number; readonly edit: FlagEdit }): Commanded;
  /** Switches the flag on or off; without an expected version, whatever others change meanwhile. */
  switch(command: FlagCommand & { readonly enabled: boolean }): Commanded;
  /** Makes the flag decide as it did at an earlier version. */
  restore(command: FlagCommand & { readonly version: number }): Commanded;
  archive(command: FlagCommand): Commanded;
  unarchive(command: FlagCommand): Commanded;
  remove(command: FlagCommand): Promise<CommandResult<null>>;
  /** What differs between two versions. */
  diff(question: FlagVersionsQuestion): Promise<Answer<readonly FlagDifference[]>>;
  /** Flags that nobody has needed for some days. */
  stale(question: Command & { readonly days: number }): Promise<Answer<readonly StaleFlag[]>>;
}

/** Makes the control of flags. */
export function createFlagControl(ports: ControlPorts): FlagControl {
  return {
    create: (command) => createFlag(ports, command),
    edit: (command) => runFlagCommand(ports, command, editFlagStep(ports, command.edit)),
    switch: (command) => switchFlag(ports, command),
    restore: (command) => runFlagCommand(ports, command, restoreFlagStep(ports, command)),
    archive: (command) => runFlagCommand(ports, command, archiveFlagStep()),
    unarchive: (command) => runFlagCommand(ports, command, unarchiveFlagStep()),
    remove: (command) => runFlagCommand(ports, command, removeFlagStep()),
    diff: (question) => diffVersions(ports, question),
    stale: (question) => findStale(ports, question),
  };
}

async function diffVersions(
  { store }: ControlPorts,
  { actor, environmentId, flagId, from, to }: FlagVersionsQuestion,
): Promise<Answer<readonly FlagDifference[]>> {
  const refusal = mayDo(actor, "read");
  if (refusal !== undefined) return refused(refusal);
  const [before, after] = await Promise.all([
    store.flagVersion(environmentId, flagId, from),
    store.flagVersion(environmentId, flagId, to),
  ]);
  if (before === undefined) return refused(flagNotFound(`${flagId} at version ${from}`));
  if (after === undefined) return refused(flagNotFound(`${flagId} at version ${to}`));
  return { status: "done", result: diffFlags(before, after) };
}

async function findStale(
  { store, usage, clock }: ControlPorts,
  { actor, environmentId, days }: Command & { readonly days: number },
): Promise<Answer<readonly StaleFlag[]>> {
  const refusal = mayDo(actor, "read");
  if (refusal !== undefined) return refused(refusal);
  if (!Number.isInteger(days) || days < 1) {
    return refused({ code: "invalid_field", field: "days", message: "It is a whole number of days, from 1." });
  }
  const now = clock.now();
  const [configuration, details, used] = await Promise.all([
    store.load(environmentId),
    store.allFlagDetails(),
    usage.flags(environmentId, now - days * MICROS_PER_DAY),
  ]);
  return { status: "done", result: staleFlags({ configuration, details, usage: used, now, days }) };
}
