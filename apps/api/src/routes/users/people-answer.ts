import { presentUser, type RequestFault } from "@lotty/contracts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type PasswordFault } from "@lotty/domain";
import { MAX_USER_NAME_LENGTH, type PeopleOutcome, type PeopleRefusal } from "@lotty/identity";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { invalidRequestAnswer, problemAnswer } from "../../http/problem-answer.ts";

/** Where an outcome is answered. */
export interface PeopleAnswerContext {
  readonly requestId: string;
  /** Field of the request that holds the new password. */
  readonly passwordField?: string;
}

/** The answer to a change of people: the person, or the problem. */
export function peopleAnswer(outcome: PeopleOutcome, context: PeopleAnswerContext): Answer {
  return outcome.ok ? jsonAnswer(presentUser(outcome.user)) : refusalAnswer(outcome.refusal, context);
}

function refusalAnswer(refusal: PeopleRefusal, { passwordField = "password", requestId }: PeopleAnswerContext): Answer {
  const invalid = (fault: RequestFault): Answer => invalidRequestAnswer([fault], requestId);
  switch (refusal.reason) {
    case "not_found":
      return problemAnswer({ code: "not_found", detail: "There is no such person." }, requestId);
    case "name_taken":
      return problemAnswer({ code: "already_exists", detail: "Somebody has this name." }, requestId);
    case "last_admin":
      return problemAnswer({ code: "last_admin", detail: "Nobody would be left who is an admin." }, requestId);
    case "wrong_password":
      return invalid({ path: "/current", message: "is not the password" });
    case "no_roles":
      return invalid({ path: "/roles", message: "must not be empty" });
    case "name":
      return invalid({ path: "/name", message: NAME_MESSAGE });
    case "password":
      return invalid({ path: `/${passwordField}`, message: PASSWORD_MESSAGES[refusal.fault] });
  }
}

const NAME_MESSAGE = `must have 1 to ${MAX_USER_NAME_LENGTH} letters from a to z, digits and . _ @ + -, the first a letter or digit`;

const PASSWORD_MESSAGES: Readonly<Record<PasswordFault, string>> = {
  too_short: `must have at least ${MIN_PASSWORD_LENGTH} characters`,
  too_long: `must have at most ${MAX_PASSWORD_LENGTH} characters`,
  has_name: "must not be little more than the name",
  well_known: "must not be one that everybody would try",
};
