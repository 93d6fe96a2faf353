import { LottyError } from "@lotty/domain";
import { type Command, Option } from "commander";
import { settingsOf } from "../settings.ts";
import type { DecisionSource } from "../sources/decision-source.ts";
import { definitionsSource } from "../sources/definitions-source.ts";
import { httpSource } from "../sources/http-source.ts";
import { readDefinitionsFile } from "../sources/read-definitions-file.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Where decisions are asked for, as given on the command line. */
export interface SourceOptions {
  readonly url?: string;
  readonly key?: string;
  readonly definitions?: string;
}

/** Adds the options that choose where decisions come from. */
export function addSourceOptions(command: Command): Command {
  return command
    .addOption(new Option("--url <address>", "ask the API that runs there").conflicts("definitions"))
    .option("--key <key>", "API key to show to the API; LOTTY_KEY when left out")
    .addOption(new Option("--definitions <file>", "decide by this file, with no database"));
}

/** Opens the chosen source; without a choice, the database of the settings. */
export async function openSource(terminal: Terminal, options: SourceOptions): Promise<DecisionSource> {
  if (options.url !== undefined) return httpSource(options.url, options.key ?? terminal.env["LOTTY_KEY"]);
  if (options.definitions !== undefined) {
    if (options.definitions === "-") throw new LottyError("invalid_request", "--definitions takes a file");
    return definitionsSource(await readDefinitionsFile(terminal, options.definitions), options.definitions);
  }
  // Databases take half a second to load; commands that need none do not wait for them.
  const { runtimeSource } = await import("../sources/runtime-source.ts");
  return runtimeSource(settingsOf(terminal), terminal);
}
