import type { Read } from "@lotty/contracts";
import type { Answer as ControlAnswer, Command, CommandResult } from "@lotty/control-plane";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { AdmittedExchange } from "../../routing/route.ts";
import type { ControlParts } from "./api-control.ts";
import { commandOf } from "./asked-by.ts";
import { readIfMatch, type VersionRule, versionTag } from "./if-match.ts";
import { readBodyOf } from "./read-body-of.ts";
import { refusalAnswer } from "./refusal-answer.ts";

/** A command without what it is about. */
export interface VersionedCommand extends Command {
  readonly expectedVersion?: number;
}

/**
 * A command that names its version.
 *
 * @throws TypeError for one that does not: its change has another {@link VersionRule} than `named`
 */
export function naming(command: VersionedCommand): Command & { readonly expectedVersion: number } {
  const { expectedVersion } = command;
  if (expectedVersion === undefined) throw new TypeError("A change that has to name a version does not");
  return { ...command, expectedVersion };
}

/** What a change asks for and does. */
export interface Change<Body, Result> {
  /** How it says for which version it is made; absent for what has no versions. */
  readonly version?: VersionRule;
  readonly read: (body: unknown) => Read<Body>;
  readonly run: (command: VersionedCommand, body: Body) => Promise<CommandResult<Result> | ControlAnswer<Result>>;
  readonly answer: (result: Result) => Answer;
}

/** Makes a change: reads who wants it, the version and the body, runs the command and answers what became of it. */
export async function change<Body, Result>(
  asked: AdmittedExchange,
  { clientAddress }: Pick<ControlParts, "clientAddress">,
  { answer, read, run, version }: Change<Body, Result>,
): Promise<Answer> {
  const { request, requestId } = asked;
  const expected = version === undefined ? NO_VERSION : readIfMatch(request, version);
  if (!expected.ok) return problemAnswer(expected.problem, requestId);
  const body = await readBodyOf(request, read);
  if (!body.ok) return problemAnswer(body.problem, requestId);
  const command = {
    ...commandOf(asked, clientAddress),
    ...(expected.version !== undefined && { expectedVersion: expected.version }),
  };
  return answerOf(await run(command, body.value), answer, requestId);
}

const NO_VERSION = { ok: true, version: undefined } as const;

/** What became of a command or question, as an answer. */
export function answerOf<T>(
  outcome: CommandResult<T> | ControlAnswer<T>,
  answer: (result: T) => Answer,
  requestId: string,
): Answer {
  return outcome.status === "done" ? answer(outcome.result) : refusalAnswer(outcome.refusals, requestId);
}

/** The answer that shows a version of something. */
export function versionAnswer(value: { readonly version: number }): Answer {
  return { ...jsonAnswer(value), headers: { etag: versionTag(value.version) } };
}

/** The answer that something was made, and where it is. */
export function createdAnswer(answer: Answer, location: string): Answer {
  return { ...answer, status: 201, headers: { ...answer.headers, location } };
}

/** The answer that something is gone. */
export const GONE: Answer = { status: 204, mediaType: null, body: "" };
