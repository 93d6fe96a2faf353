import { FLAG_VALUE_TYPES } from "@lotty/domain";
import { type Command, Option } from "commander";
import type { Terminal } from "../terminal/terminal.ts";
import { fieldsOption, jsonOption, valueOption } from "./json-option.ts";

/** Fields of a flag as given on the command line; `false` for those that are taken away. */
export interface FlagFieldOptions {
  readonly type?: string;
  readonly default?: string;
  readonly description?: string | false;
  readonly owner?: string | false;
  readonly tag?: readonly string[] | false;
  readonly schema?: string | false;
  readonly rules?: string;
  readonly fields?: string;
}

/** Adds the options for the fields of a flag. */
export function addFlagFields(command: Command): Command {
  return command
    .addOption(new Option("--type <type>", "type of its values").choices(FLAG_VALUE_TYPES))
    .option("--default <value>", "value of whoever gets no other; JSON, or the text itself of a string flag")
    .option("--description <text>", "what it is for")
    .option("--no-description", "say nothing")
    .option("--owner <name>", "a person or a team")
    .option("--no-owner", "nobody")
    .option("--tag <tag...>", "its tags, in place of those it has")
    .option("--no-tag", "no tags")
    .option("--schema <json>", "JSON Schema of its values: JSON, @file, or @- for the standard input")
    .option("--no-schema", "any value of the type")
    .option("--rules <json>", "its rules, in place of those it has: a JSON list, @file, or @-")
    .option("--fields <json>", "fields as the API takes them: a JSON object, @file, or @-");
}

/**
 * The body that creates or edits a flag.
 *
 * @param type the flag's type, where none is given
 * @throws LottyError `invalid_request`, `not_found` (a file)
 */
export async function flagBody(
  terminal: Terminal,
  options: FlagFieldOptions,
  type: string,
): Promise<Record<string, unknown>> {
  const { description, owner, rules, schema, tag } = options;
  return {
    ...(await fieldsOption(terminal, options.fields)),
    ...(options.type !== undefined && { type: options.type }),
    ...(options.default !== undefined && { default: valueOption("--default", options.default, options.type ?? type) }),
    ...(description !== undefined && { description: orNull(description) }),
    ...(owner !== undefined && { owner: orNull(owner) }),
    ...(tag !== undefined && { tags: tag === false ? [] : tag }),
    ...(schema !== undefined && {
      schema:
        schema === false ? null : await jsonOption(terminal, { name: "--schema", given: schema, example: SCHEMA }),
    }),
    ...(rules !== undefined && {
      rules: await jsonOption(terminal, { name: "--rules", given: rules, example: RULES }),
    }),
  };
}

const SCHEMA = '{"type": "object"}';
const RULES = '[{"rule": "plan == \\"pro\\"", "value": true, "rollout": "12.50"}]';

/** What an option says that can be taken away. */
export function orNull(given: string | false): string | null {
  return given === false ? null : given;
}
