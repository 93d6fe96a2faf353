import { type Config, describeFaults, loadConfig } from "@lotty/config";
import { LottyError } from "@lotty/domain";
import type { Terminal } from "./terminal/terminal.ts";

/**
 * Reads the settings from the environment.
 *
 * @throws LottyError `invalid_configuration` with every fault
 */
export function settingsOf(terminal: Terminal): Config {
  const result = loadConfig(terminal.env);
  if (result.ok) return result.config;
  throw new LottyError("invalid_configuration", `the settings are wrong:\n${describeFaults(result.faults)}`, {
    details: { advice: "Settings are environment variables; `lotty doctor` checks them." },
  });
}
