import type { Config } from "@lotty/config";
import { openRuntime } from "@lotty/runtime";
import { commandLogger } from "../terminal/command-logger.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { DeciderAnswers } from "./decider-answers.ts";
import type { DecisionSource } from "./decision-source.ts";

/**
 * Decides in this process on the database that the settings name.
 *
 * @throws LottyError as opening the runtime does
 */
export async function runtimeSource(config: Config, terminal: Terminal): Promise<DecisionSource> {
  const runtime = await openRuntime(config, { role: "cli", logger: commandLogger(config, terminal) });
  const answers = new DeciderAnswers(runtime.decider);
  const { location } = runtime.storage;
  return {
    description: location,
    fingerprint: `${location} revision ${runtime.snapshots.production.revision ?? 0}`,
    concurrency: 64,
    decide: (flags, subject, record) => answers.decide(flags, subject, record),
    explain: (flag, subject) => answers.explain(flag, subject),
    close: () => runtime.close(),
  };
}
