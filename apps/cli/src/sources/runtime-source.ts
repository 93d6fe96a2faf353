import type { Config } from "@lotty/config";
import { openRuntime } from "@lotty/runtime";
import { commandLogger } from "../terminal/command-logger.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { environmentIn } from "./environment-in.ts";
import { DeciderAnswers } from "./decider-answers.ts";
import type { DecisionSource } from "./decision-source.ts";

/**
 * Decides in this process on the database that the settings name.
 *
 * @param environment key of the environment; production when absent
 * @throws LottyError as opening the runtime does; `not_found` when there is no such environment
 */
export async function runtimeSource(config: Config, terminal: Terminal, environment?: string): Promise<DecisionSource> {
  const runtime = await openRuntime(config, { role: "cli", logger: commandLogger(config, terminal) });
  const environmentId = await environmentIn(runtime, environment).catch(async (error: unknown) => {
    await runtime.close();
    throw error;
  });
  const answers = new DeciderAnswers(runtime.decider, environmentId);
  const { location } = runtime.storage;
  return {
    description: location,
    fingerprint: `${location} ${environmentId} revision ${runtime.snapshots.current(environmentId).revision}`,
    concurrency: 64,
    decide: (flags, subject, record) => answers.decide(flags, subject, record),
    explain: (flag, subject) => answers.explain(flag, subject),
    close: () => runtime.close(),
  };
}
