import {
  flagEditOf,
  type FlagResponse,
  isWantedFlag,
  newFlagOf,
  presentFlag,
  presentFlagDifference,
  presentFlagVersion,
  presentStaleFlag,
  readFlagEdit,
  readNewFlag,
  readRestore,
} from "@lotty/contracts";
import type { CommandResult, DescribedFlag, FlagCommand } from "@lotty/control-plane";
import type { FlagAction, FlagSource } from "./control-source.ts";
import { byId } from "./by-id.ts";
import { done, expecting, given, type LocalControl, nothingThere } from "./local-control.ts";

/** Flags in a database. */
export function localFlags(control: LocalControl): FlagSource {
  const { command, flags, store } = control;
  const { environmentId } = command;
  return {
    list: async (filter) => {
      const [configuration, all] = await Promise.all([store.load(environmentId), store.allFlagDetails()]);
      const details = new Map(all.map((each) => [each.flagId, each]));
      return configuration.flags
        .filter((flag) => isWantedFlag(filter, flag, details.get(flag.id)))
        .toSorted(byId)
        .map((flag) => presentFlag(flag, details.get(flag.id)));
    },
    find: async (id) => {
      const configuration = await store.load(environmentId);
      const flag = configuration.flags.find((each) => each.id === id);
      if (flag === undefined) throw nothingThere();
      return presentFlag(flag, await store.flagDetails(id));
    },
    create: (body) => shown(flags.create({ ...command, fields: newFlagOf(given(readNewFlag(body))) })),
    edit: (flagId, expectedVersion, body) =>
      shown(flags.edit({ ...command, flagId, expectedVersion, edit: flagEditOf(given(readFlagEdit(body))) })),
    act: (flagId, action, version) => shown(ACTIONS[action](control, { ...command, flagId, ...expecting(version) })),
    restore: (flagId, to, version) => {
      const { version: earlier } = given(readRestore({ version: to }));
      return shown(flags.restore({ ...command, flagId, version: earlier, ...expecting(version) }));
    },
    remove: async (flagId, version) => {
      await done(flags.remove({ ...command, flagId, ...expecting(version) }));
    },
    versions: async (id, limit) => {
      const configuration = await store.load(environmentId);
      const flag = configuration.flags.find((each) => each.id === id);
      if (flag === undefined) throw nothingThere();
      const count = Math.min(flag.version, limit);
      const wanted = Array.from({ length: count }, (_, index) => flag.version - index);
      const found = await Promise.all(wanted.map((version) => store.flagVersion(environmentId, id, version)));
      return found.filter((version) => version !== undefined).map(presentFlagVersion);
    },
    diff: async (flagId, span) => (await done(flags.diff({ ...command, flagId, ...span }))).map(presentFlagDifference),
    stale: async (days) => (await done(flags.stale({ ...command, days }))).map(presentStaleFlag),
  };
}

const ACTIONS: Readonly<
  Record<FlagAction, (control: LocalControl, command: FlagCommand) => Promise<CommandResult<DescribedFlag>>>
> = {
  archive: ({ flags }, command) => flags.archive(command),
  unarchive: ({ flags }, command) => flags.unarchive(command),
  enable: ({ flags }, command) => flags.switch({ ...command, enabled: true }),
  disable: ({ flags }, command) => flags.switch({ ...command, enabled: false }),
};

async function shown(outcome: Promise<CommandResult<DescribedFlag>>): Promise<FlagResponse> {
  const { details, flag } = await done(outcome);
  return presentFlag(flag, details);
}
