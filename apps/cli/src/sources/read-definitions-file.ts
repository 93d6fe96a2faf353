import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type DefinitionProblem, type Definitions, readDefinitions, renderProblem } from "@lotty/definitions";
import { LottyError } from "@lotty/domain";
import { say, type Terminal } from "../terminal/terminal.ts";

/** A definitions file that could not be used, with its problems. */
export class InvalidDefinitions extends LottyError {
  readonly problems: readonly DefinitionProblem[];
  /** The problems for people, each with the line it is on. */
  readonly rendered: string;

  constructor(fileName: string, problems: readonly DefinitionProblem[], source: string) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super("invalid_definition", `${fileName} has ${count}`, { details: { advice: "Correct the file and try again." } });
    this.problems = problems;
    this.rendered = problems.map((problem) => renderProblem(problem, source)).join("\n");
  }
}

/** A definitions file, and what it says. */
export interface ReadDefinitionsFile {
  readonly text: string;
  readonly definitions: Definitions;
}

/**
 * Reads a definitions file; `-` reads the standard input.
 *
 * @throws InvalidDefinitions, LottyError `not_found`
 */
export async function readDefinitionsFile(terminal: Terminal, path: string): Promise<ReadDefinitionsFile> {
  const fileName = path === "-" ? "standard input" : path;
  const source = path === "-" ? await text(terminal.input.stream) : await readText(path);
  const reading = readDefinitions(source, { fileName });
  if (reading.ok) {
    for (const warning of reading.warnings) await say(terminal, `warning: ${renderProblem(warning, source)}`);
    return { text: source, definitions: reading.definitions };
  }
  throw new InvalidDefinitions(fileName, reading.problems, source);
}

/**
 * Reads a text file.
 *
 * @throws LottyError `not_found` when it cannot be read
 */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Translates a failure to open or read a file. */
export function fileError(path: string, error: unknown): LottyError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = { ENOENT: "does not exist", EACCES: "may not be used by this user", EISDIR: "is a directory" }[code];
  return new LottyError("not_found", `${path} ${why ?? `cannot be used (${code || String(error)})`}`, { cause: error });
}
