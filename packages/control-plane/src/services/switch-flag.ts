import type { DescribedFlag } from "../flags/edit-flag.ts";
import type { CommandResult, ControlPorts } from "./command.ts";
import { runFlagCommand, type FlagCommand } from "./flag-command.ts";
import { editFlagStep } from "./flag-steps.ts";

/** How often a switch is tried again because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/** Switches a flag on or off; without an expected version, whatever others change meanwhile. */
export async function switchFlag(
  ports: ControlPorts,
  { enabled, ...command }: FlagCommand & { readonly enabled: boolean },
): Promise<CommandResult<DescribedFlag>> {
  const step = editFlagStep(ports, { enabled });
  if (command.expectedVersion !== undefined) return runFlagCommand(ports, command, step);
  for (let attempt = 1; ; attempt += 1) {
    const { flags } = await ports.store.load(command.environmentId);
    // Of a flag that is not there, any version is refused for the right reason.
    const expectedVersion = flags.find(({ id }) => id === command.flagId)?.version ?? 0;
    const outcome = await runFlagCommand(ports, { ...command, expectedVersion }, step);
    const isLate = outcome.status === "refused" && outcome.refusals.some(({ code }) => code === "version_mismatch");
    if (!isLate || attempt >= MAX_ATTEMPTS) return outcome;
  }
}
