import type { IncomingMessage } from "node:http";
import type { Caller } from "@lotty/identity";
import type { ProblemDraft } from "../http/problem-answer.ts";

/** A request that claims to come from somebody and fails to show it. */
export interface Unidentified {
  readonly kind: "unidentified";
  readonly problem: ProblemDraft;
}

/**
 * Tells who makes a request. Whoever claims nothing is an anonymous caller; a claim that is wrong is never taken for none.
 * Answers at once where it can: a promise costs the hot path more than the look-up.
 */
export interface Authenticator {
  /** @throws LottyError when nobody can tell at the moment */
  identify(request: IncomingMessage): Caller | Unidentified | Promise<Caller | Unidentified>;
}
