import type { Assignment, SubjectHistory } from "@lotty/domain";
import { parseJson } from "./parse-json.ts";

/** Field that every kept history has, so that an empty one differs from none. No experiment has this id. */
export const HISTORY_MARKER = "";

/** Value of {@link HISTORY_MARKER}: the version of the form below. */
export const HISTORY_FORMAT = "1";

/**
 * Assignments as alternating field names and values of a hash: experiment id, then a JSON array. Times are written by
 * us and never by a script on the server, whose numbers keep 14 digits only.
 */
export function encodeAssignments(assignments: readonly Assignment[]): string[] {
  return assignments.flatMap(({ experimentId, variantId, firstDecidedAt, lastDecidedAt }) => [
    experimentId,
    JSON.stringify([variantId, firstDecidedAt, lastDecidedAt]),
  ]);
}

/** Reads a whole hash; `undefined` when it is no history or any part of it is damaged. */
export function decodeHistory(fields: Readonly<Record<string, string>>): SubjectHistory | undefined {
  if (fields[HISTORY_MARKER] !== HISTORY_FORMAT) return undefined;
  const history: Assignment[] = [];
  for (const [experimentId, text] of Object.entries(fields)) {
    if (experimentId === HISTORY_MARKER) continue;
    const assignment = decodeAssignment(experimentId, text);
    if (assignment === undefined) return undefined;
    history.push(assignment);
  }
  return history;
}

function decodeAssignment(experimentId: string, text: string): Assignment | undefined {
  const parts = parseJson(text);
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [variantId, firstDecidedAt, lastDecidedAt] = parts as unknown[];
  if (typeof variantId !== "string") return undefined;
  if (!isInstant(firstDecidedAt) || !isInstant(lastDecidedAt)) return undefined;
  return { experimentId, variantId, firstDecidedAt, lastDecidedAt };
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
