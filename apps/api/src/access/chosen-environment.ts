import type { IncomingMessage } from "node:http";
import type { EnvironmentDirectory } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import type { Caller } from "@lotty/identity";
import { ENVIRONMENT_PARAMETER, queryOf } from "../http/query.ts";
import type { ProblemDraft } from "../http/problem-answer.ts";
import { describeRefusal } from "./describe-refusal.ts";

/** Where a request takes place, or why it cannot. */
export type ChosenEnvironment =
  | { readonly ok: true; readonly environmentId: string }
  | { readonly ok: false; readonly problem: ProblemDraft };

/** The environment of a caller who names none: the one that the key is bound to, else the one that exists from the start. */
export function ownEnvironment({ environmentId }: Caller): string {
  return environmentId ?? DEFAULT_ENVIRONMENT_ID;
}

/** Whether a request may name an environment. Nothing is parsed for those that have no query, such as most decisions. */
export function hasQuery({ url = "" }: IncomingMessage): boolean {
  return url.includes("?");
}

/**
 * The environment that a request names, else that of its caller. A key is bound to its environment: with it, naming another one is
 * refused, also one that does not exist.
 */
export function chosenEnvironment(
  request: IncomingMessage,
  caller: Caller,
  environments: Pick<EnvironmentDirectory, "idOf">,
): ChosenEnvironment {
  const [key, ...others] = queryOf(request).getAll(ENVIRONMENT_PARAMETER);
  if (key === undefined) return { ok: true, environmentId: ownEnvironment(caller) };
  if (others.length > 0) {
    return { ok: false, problem: { code: "invalid_request", detail: "Name one environment, not several." } };
  }
  const environmentId = environments.idOf(key);
  if (caller.environmentId !== null && caller.environmentId !== environmentId) {
    return { ok: false, problem: describeRefusal({ kind: "other_environment" }) };
  }
  if (environmentId !== undefined) return { ok: true, environmentId };
  const detail = "There is no environment of this key, or it is archived.";
  return { ok: false, problem: { code: "not_found", detail } };
}
