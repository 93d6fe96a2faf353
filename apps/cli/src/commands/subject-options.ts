import { text } from "node:stream/consumers";
import { LottyError, type Subject } from "@lotty/domain";
import { readText } from "../sources/read-definitions-file.ts";
import { readSubject } from "../subjects/read-subject-line.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** A subject as given on the command line. */
export interface SubjectOptions {
  readonly subject: string;
  /** JSON, `@file`, or `@-` for the standard input. */
  readonly attributes?: string;
}

/**
 * Reads the subject of a command.
 *
 * @throws LottyError `invalid_request`, `not_found` (the file of attributes)
 */
export async function subjectOf(terminal: Terminal, options: SubjectOptions): Promise<Subject> {
  const attributes = options.attributes === undefined ? {} : await attributesOf(terminal, options.attributes);
  const read = readSubject(
    new Map<string, unknown>([
      ["subject_id", options.subject],
      ["attributes", attributes],
    ]),
  );
  if (read.kind === "subject") return read.subject;
  throw new LottyError("invalid_request", read.kind === "fault" ? read.message : "the subject is missing");
}

async function attributesOf(terminal: Terminal, given: string): Promise<unknown> {
  const source = given.startsWith("@") ? await readGiven(terminal, given.slice(1)) : given;
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new LottyError("invalid_request", "--attributes is not JSON", {
      cause: error,
      details: { advice: `Write --attributes '{"country": "DE"}', or --attributes @file.` },
    });
  }
}

function readGiven(terminal: Terminal, path: string): Promise<string> {
  return path === "-" ? text(terminal.input.stream) : readText(path);
}
