import { LottyError, type Subject } from "@lotty/domain";
import { readSubject } from "../subjects/read-subject-line.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { jsonOption } from "./json-option.ts";

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

function attributesOf(terminal: Terminal, given: string): Promise<unknown> {
  return jsonOption(terminal, { name: "--attributes", given, example: '{"country": "DE"}' });
}
