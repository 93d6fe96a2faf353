import type { Command } from "commander";
import { addPlaceOptions, type ApiOptions } from "../profiles/api-options.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import { wholeOption } from "./whole-option.ts";

/** Which version a change is made for. */
export interface VersionOptions {
  readonly version?: number;
}

/** Adds the options of all commands that work on the control plane. */
export function addControlOptions(command: Command): Command {
  return addPlaceOptions(command).option("--json", "print JSON, as the API answers");
}

/** Adds the option that names the version a change is made for. */
export function addVersionOption(command: Command): Command {
  return command.option(
    "--version <number>",
    "the version that you have seen; refuses the change when it is another one",
    wholeOption,
  );
}

/** Says what is about to happen, to a person. */
export async function announce(terminal: Terminal, { json }: ApiOptions, line: string): Promise<void> {
  if (json !== true) await say(terminal, line);
}
