import type { CommandResult, DescribedFlag, FlagCommand } from "@lotty/control-plane";
import type { ApiControl } from "../control/api-control.ts";

/** How often a switch is tried again because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/** Switches a flag on or off; without an expected version, whatever others change meanwhile. */
export async function switchFlag(
  { flags, store }: ApiControl,
  command: FlagCommand,
  enabled: boolean,
): Promise<CommandResult<DescribedFlag>> {
  const { expectedVersion, ...others } = command;
  const edit = { enabled };
  if (expectedVersion !== undefined) return flags.edit({ ...others, expectedVersion, edit });
  for (let attempt = 1; ; attempt += 1) {
    const { flags: stored } = await store.load(command.environmentId);
    // Of a flag that is not there, any version is refused for the right reason.
    const version = stored.find(({ id }) => id === command.flagId)?.version ?? 0;
    const outcome = await flags.edit({ ...others, expectedVersion: version, edit });
    const isLate = outcome.status === "refused" && outcome.refusals.some(({ code }) => code === "version_mismatch");
    if (!isLate || attempt >= MAX_ATTEMPTS) return outcome;
  }
}
