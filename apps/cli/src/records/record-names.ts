import { LottyError, subjectIdFault } from "@lotty/domain";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A given text as a UUID in lower case; `undefined` when it is none. */
export function uuidOf(given: string): string | undefined {
  const id = given.toLowerCase();
  return UUID.test(id) ? id : undefined;
}

/**
 * The id of a decision.
 *
 * @throws LottyError `not_found` when no decision can have it
 */
export function decisionIdOf(given: string): string {
  const id = uuidOf(given);
  if (id !== undefined) return id;
  throw noDecision(given);
}

/** There is no such decision. */
export function noDecision(given: string): LottyError {
  return new LottyError("not_found", `there is no decision ${JSON.stringify(given)} on record`, {
    details: { advice: "One that was queued or spooled is there once it is written." },
  });
}

/** There is no such experiment. */
export function noExperiment(given: string): LottyError {
  return new LottyError("not_found", `there is no experiment ${JSON.stringify(given)}`);
}

/**
 * The id of a subject.
 *
 * @throws LottyError `invalid_request` when it cannot be one
 */
export function subjectIdOf(given: string): string {
  const fault = subjectIdFault(given);
  if (fault === undefined) return given;
  throw new LottyError("invalid_request", `this cannot be the id of a subject: ${fault.replaceAll("_", " ")}`);
}
