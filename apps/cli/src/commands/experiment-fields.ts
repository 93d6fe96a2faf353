import type { FlagResponse } from "@lotty/contracts";
import { LottyError } from "@lotty/domain";
import type { Command } from "commander";
import type { Terminal } from "../terminal/terminal.ts";
import { orNull } from "./flag-fields.ts";
import { fieldsOption, valueOption } from "./json-option.ts";
import { wholeOption } from "./whole-option.ts";

/** Fields of an experiment as given on the command line; `false` for those that are taken away. */
export interface ExperimentFieldOptions {
  readonly targeting?: string | false;
  readonly traffic?: string;
  readonly variant?: readonly string[];
  readonly control?: string;
  readonly sticky?: boolean;
  readonly hypothesis?: string | false;
  readonly owner?: string | false;
  readonly plannedDays?: number | false;
  readonly description?: string | false;
  readonly fields?: string;
}

/** Adds the options for the fields of an experiment. */
export function addExperimentFields(command: Command): Command {
  return command
    .option("--targeting <rule>", "who is meant, in the rule language")
    .option("--no-targeting", "everyone")
    .option("--traffic <percent>", "share of them that takes part")
    .option("--variant <name:weight=value...>", "its variants, in place of those it has, such as sun:50=yellow")
    .option("--control <name>", "the variant that the others are compared with; `control` when left out")
    .option("--sticky", "subjects keep their variant")
    .option("--no-sticky", "they get what the rules say at each moment")
    .option("--hypothesis <text>", "what is expected, and why")
    .option("--no-hypothesis", "none")
    .option("--owner <name>", "a person or a team")
    .option("--no-owner", "nobody")
    .option("--planned-days <count>", "how long it is to run", wholeOption)
    .option("--no-planned-days", "nobody knows")
    .option("--description <text>", "anything else")
    .option("--no-description", "nothing else")
    .option("--fields <json>", "fields as the API takes them: a JSON object, @file, or @-");
}

const VARIANT = /^(?<name>.+?):(?<weight>\d+(?:\.\d+)?)=(?<value>.*)$/s;

/**
 * The body that creates, edits or previews an experiment on a flag.
 *
 * @throws LottyError `invalid_request`, `not_found` (a file)
 */
export async function experimentBody(
  terminal: Terminal,
  options: ExperimentFieldOptions,
  flag: FlagResponse | undefined,
): Promise<Record<string, unknown>> {
  const { description, hypothesis, owner, plannedDays, sticky, targeting, traffic, variant } = options;
  return {
    ...(await fieldsOption(terminal, options.fields)),
    ...(targeting !== undefined && { rule: orNull(targeting) }),
    ...(traffic !== undefined && { traffic_allocation: traffic }),
    ...(variant !== undefined && { variants: variantsOf(variant, options.control ?? "control", flag?.type ?? "json") }),
    ...(sticky !== undefined && { sticky_assignment: sticky }),
    ...(hypothesis !== undefined && { hypothesis: orNull(hypothesis) }),
    ...(owner !== undefined && { owner: orNull(owner) }),
    ...(plannedDays !== undefined && { planned_days: plannedDays === false ? null : plannedDays }),
    ...(description !== undefined && { description: orNull(description) }),
  };
}

function variantsOf(given: readonly string[], control: string, type: string): readonly object[] {
  return given.map((text) => {
    const { name, value, weight } = VARIANT.exec(text)?.groups ?? {};
    if (name === undefined || weight === undefined || value === undefined) {
      throw new LottyError("invalid_request", `--variant ${JSON.stringify(text)} is no variant`, {
        details: { advice: "Write name:weight=value, such as --variant control:50=grey --variant sun:50=yellow." },
      });
    }
    return { name, weight, value: valueOption(`--variant ${name}`, value, type), is_control: name === control };
  });
}
