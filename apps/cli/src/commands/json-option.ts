import { text } from "node:stream/consumers";
import { isJsonObject, type JsonValue, LottyError } from "@lotty/domain";
import { z } from "zod";
import { readText } from "../sources/read-definitions-file.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** An option that takes JSON: the text itself, `@file`, or `@-` for the standard input. */
export interface JsonOption {
  /** Its name, such as `--attributes`. */
  readonly name: string;
  readonly given: string;
  /** How it can be written, for whoever did not. */
  readonly example: string;
}

/**
 * Reads an option that takes JSON.
 *
 * @throws LottyError `invalid_request`, `not_found` (the file)
 */
export async function jsonOption(terminal: Terminal, { example, given, name }: JsonOption): Promise<JsonValue> {
  const source = given.startsWith("@") ? await readGiven(terminal, given.slice(1)) : given;
  try {
    return z.json().parse(JSON.parse(source));
  } catch (error) {
    throw new LottyError("invalid_request", `${name} is not JSON`, {
      cause: error,
      details: { advice: `Write ${name} '${example}', or ${name} @file.` },
    });
  }
}

/** The fields of an option that takes a JSON object; none when it was not given. */
export async function fieldsOption(terminal: Terminal, given: string | undefined): Promise<Record<string, unknown>> {
  if (given === undefined) return {};
  const option = { name: "--fields", given, example: '{"owner": "team web"}' };
  const fields = await jsonOption(terminal, option);
  if (isJsonObject(fields)) return { ...fields };
  throw new LottyError("invalid_request", "--fields is no JSON object");
}

/**
 * A value of a flag as it is written at the command line: a text as it is, anything else as JSON.
 *
 * @throws LottyError `invalid_request`
 */
export function valueOption(name: string, given: string, type: string): JsonValue {
  if (type === "string") return given;
  try {
    return z.json().parse(JSON.parse(given));
  } catch (error) {
    throw new LottyError("invalid_request", `${name} ${JSON.stringify(given)} is not JSON`, {
      cause: error,
      details: { advice: `The flag is of type ${type}: write true, 5, or '{"layout": "table"}'.` },
    });
  }
}

function readGiven(terminal: Terminal, path: string): Promise<string> {
  return path === "-" ? text(terminal.input.stream) : readText(path);
}
