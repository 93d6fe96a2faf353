import { LottyError } from "@lotty/domain";
import { type Command, Option } from "commander";
import { addPlaceOptions, apiOf, environmentKeyOf, type PlaceOptions } from "../profiles/api-options.ts";
import { settingsOf } from "../settings.ts";
import type { DecisionSource } from "../sources/decision-source.ts";
import { definitionsSource } from "../sources/definitions-source.ts";
import { httpSource } from "../sources/http-source.ts";
import { readDefinitionsFile } from "../sources/read-definitions-file.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Where decisions are asked for, as given on the command line. */
export interface SourceOptions extends PlaceOptions {
  readonly definitions?: string;
}

/** Adds the options that choose where decisions come from. */
export function addSourceOptions(command: Command): Command {
  return addPlaceOptions(command).addOption(
    new Option("--definitions <file>", "decide by this file, with no database").conflicts([
      "url",
      "profile",
      "environment",
    ]),
  );
}

/** Opens the chosen source; without a choice, the database of the settings. */
export async function openSource(terminal: Terminal, options: SourceOptions): Promise<DecisionSource> {
  if (options.definitions !== undefined) {
    if (options.definitions === "-") throw new LottyError("invalid_request", "--definitions takes a file");
    const { definitions } = await readDefinitionsFile(terminal, options.definitions);
    return definitionsSource(definitions, options.definitions);
  }
  const api = await apiOf(terminal, options);
  const environment = environmentKeyOf(terminal, options);
  if (api !== undefined) return httpSource(api.url, api.key, environment);
  // Databases take half a second to load; commands that need none do not wait for them.
  const { runtimeSource } = await import("../sources/runtime-source.ts");
  return runtimeSource(settingsOf(terminal), terminal, environment);
}
