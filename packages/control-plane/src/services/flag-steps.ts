import { isActive, type Configuration, type Experiment } from "@lotty/domain";
import { flagRefusals } from "../flags/check-flag.ts";
import { isSameFlag, newFlagDetails, withFlagEdit, type DescribedFlag, type FlagEdit } from "../flags/edit-flag.ts";
import { refused, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import {
  flagNotFound,
  planFlag,
  planned,
  type FlagCommand,
  type FlagSituation,
  type FlagStep,
} from "./flag-command.ts";
import { runCommand } from "./run-command.ts";

/** A flag to be. Without rules unless said otherwise, and switched on. */
export interface NewFlag extends FlagEdit {
  readonly key: string;
  readonly valueType: NonNullable<FlagEdit["valueType"]>;
  readonly defaultValue: NonNullable<FlagEdit["defaultValue"]> | null;
}

/** Makes a flag. */
export function createFlag(
  ports: ControlPorts,
  command: Command & { readonly fields: NewFlag },
): Promise<CommandResult<DescribedFlag>> {
  return runCommand(ports, { ...command, permission: "flag.edit" }, ({ configuration, now }) => {
    const { key, valueType, defaultValue } = command.fields;
    const newId = (): string => ports.ids.next(now);
    const id = newId();
    const blank = { id, key, valueType, defaultValue, enabled: true, rules: [], version: 1, updatedAt: now };
    const { flag, details } = withFlagEdit({ flag: blank, details: newFlagDetails(id) }, command.fields, newId);
    const refusals = flagRefusals({ flag, details, configuration, schemas: ports.schemas });
    if (refusals.length > 0) return refused(...refusals);
    return planned({ action: "flag.create", before: null, flag, details });
  });
}

/** Changes a flag. */
export function editFlagStep(ports: ControlPorts, edit: FlagEdit): FlagStep<DescribedFlag> {
  return {
    permission: "flag.edit",
    plan: (situation) => {
      if (situation.details.archivedAt !== null) {
        const message = `${situation.flag.key} is archived; take it out of the archive first.`;
        return refused({ code: "flag_archived", message });
      }
      const after = withFlagEdit(situation, edit, () => ports.ids.next(situation.now));
      if (isSameFlag(situation, after)) {
        return refused({ code: "nothing_changed", message: "Everything is so already." });
      }
      return planFlag(ports, situation, { action: "flag.edit", after });
    },
  };
}

/** Makes a flag decide as it did at an earlier version. What is said about it stays. */
export function restoreFlagStep(
  ports: ControlPorts,
  { environmentId, version }: FlagCommand & { readonly version: number },
): FlagStep<DescribedFlag> {
  return {
    permission: "flag.edit",
    plan: async (situation) => {
      const earlier = await ports.store.flagVersion(environmentId, situation.flag.id, version);
      if (earlier === undefined) return refused(flagNotFound(`${situation.flag.id} at version ${version}`));
      const { valueType, defaultValue, enabled, rules } = earlier;
      const after = {
        flag: { ...situation.flag, valueType, defaultValue, enabled, rules },
        details: situation.details,
      };
      if (isSameFlag(situation, after)) {
        return refused({ code: "nothing_changed", message: `It is as it was at version ${version}.` });
      }
      return planFlag(ports, situation, { action: "flag.restore", after });
    },
  };
}

/** Puts a flag away. It still gives its value to whoever asks; nothing new is started on it. */
export function archiveFlagStep(): FlagStep<DescribedFlag> {
  return {
    permission: "flag.edit",
    plan: async (situation) => {
      const { flag, details, now } = situation;
      if (details.archivedAt !== null) {
        return refused({ code: "flag_archived", message: `${flag.key} is archived already.` });
      }
      const by = await experimentsOn(situation, ({ status }) => isActive(status));
      if (by.length > 0) {
        const message = `An experiment is active on ${flag.key}; complete it first: ${by.join(", ")}.`;
        return refused({ code: "in_use", message, by });
      }
      return planned({
        action: "flag.archive",
        before: situation,
        flag: { ...flag, version: flag.version + 1, updatedAt: now },
        details: { ...details, archivedAt: now },
      });
    },
  };
}

/** Keys of the experiments on a flag that count, in all environments; those of others with the key of theirs. */
async function experimentsOn(
  { configuration, elsewhere, flag }: FlagSituation,
  counts: (experiment: Experiment) => boolean,
): Promise<readonly string[]> {
  const on = ({ experiments }: Configuration): readonly string[] =>
    experiments.filter((each) => each.flagId === flag.id && counts(each)).map(({ key }) => key);
  const others = await elsewhere.load();
  return [
    ...on(configuration),
    ...others.flatMap((other) => on(other.configuration).map((key) => `${key} (${other.environment.key})`)),
  ];
}

/** Takes a flag out of the archive. */
export function unarchiveFlagStep(): FlagStep<DescribedFlag> {
  return {
    permission: "flag.edit",
    plan: (situation) => {
      const { flag, details, now } = situation;
      if (details.archivedAt === null) {
        return refused({ code: "flag_not_archived", message: `${flag.key} is not archived.` });
      }
      return planned({
        action: "flag.unarchive",
        before: situation,
        flag: { ...flag, version: flag.version + 1, updatedAt: now },
        details: { ...details, archivedAt: null },
      });
    },
  };
}

/** Removes an archived flag for good, unless experiments refer to it. */
export function removeFlagStep(): FlagStep<null> {
  return {
    permission: "flag.remove",
    plan: async (situation) => {
      const { details, flag } = situation;
      if (details.archivedAt === null) {
        return refused({ code: "flag_not_archived", message: `Archive ${flag.key} before you remove it.` });
      }
      const by = await experimentsOn(situation, () => true);
      if (by.length > 0) {
        const message = `Experiments refer to ${flag.key}: ${by.join(", ")}.`;
        return refused({ code: "in_use", message, by });
      }
      return {
        status: "planned",
        change: { configuration: { removeFlagIds: [flag.id] } },
        audit: [
          {
            action: "flag.remove",
            entity: { kind: "flag", id: flag.id, key: flag.key },
            before: { ...flag, details },
            after: null,
          },
        ],
        result: null,
      };
    },
  };
}
