import { LottyError, type DecisionRecord, type RecordRequest } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import type { SqlStatement } from "../sql/sql-pool.ts";
import { attributeSetValues, keepingAttributes, type PlacedDecision } from "./attribute-sets.ts";
import { decisionColumns } from "./decision-columns.ts";
import { historyFingerprint } from "./fingerprint.ts";

const PARAMETERS = 21;
const TEXT = `SELECT * FROM lotty_record_decisions(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(", ")})`;
const TEXT_WITH_ATTRIBUTES = keepingAttributes(TEXT, PARAMETERS + 1);

/** A decision as it goes into a batch. */
interface BatchRow extends PlacedDecision {
  /** Whether its assignment must exist already. */
  readonly known: boolean;
  /** The variant that its assignment must have; `null` for any. */
  readonly held: string | null;
}

/** What a request's assignments rest on. */
interface BatchCheck {
  readonly request: number;
  readonly environmentId: string;
  readonly subjectId: string;
  /** `null` when the request creates no assignment, so that any history will do. */
  readonly fingerprint: string | null;
}

/** The statement that writes some requests; a conflict names a request by its index. */
export function recordStatement(requests: readonly RecordRequest[]): SqlStatement {
  const checks: BatchCheck[] = [];
  const rows: BatchRow[] = [];
  requests.forEach((given, request) => {
    const creates = createsAssignment(given);
    if (given.decisions.some(isAssigned)) {
      const fingerprint = creates ? historyFingerprint(given.basedOn ?? []) : null;
      checks.push({ request, environmentId: given.environmentId, subjectId: given.subjectId, fingerprint });
    }
    for (const decision of given.decisions) {
      const assigned = isAssigned(decision);
      rows.push({
        request,
        known: !creates && assigned,
        held: assigned ? heldVariant(given, decision) : null,
        decision,
      });
    }
  });
  return statement(checks, rows);
}

/** The statement that writes decisions, and what follows from them, whatever the histories of their subjects. */
export function writeStatement(decisions: readonly DecisionRecord[]): SqlStatement {
  return statement(
    [],
    decisions.map((decision) => ({ request: 0, known: false, held: null, decision })),
  );
}

/**
 * Checks texts that the driver would change on the way instead of refusing them.
 *
 * @throws LottyError `decision_rejected`
 */
export function checkEncodable({ attributes = "", decisionId, subjectId, flagKey, value }: DecisionRecord): void {
  if ([subjectId, flagKey, value, attributes].every((text) => text.isWellFormed())) return;
  throw new LottyError("decision_rejected", "The decision has a text with a lone surrogate", {
    details: { decisionId },
  });
}

function isAssigned({ reason }: DecisionRecord): boolean {
  return reason === "experiment_assigned";
}

/** Whether a request assigns an experiment that its history does not have; without a history everything must exist. */
function createsAssignment({ decisions, basedOn }: RecordRequest): boolean {
  if (basedOn === null) return false;
  return decisions.some(
    (decision) => isAssigned(decision) && !basedOn.some(({ experimentId }) => experimentId === decision.experimentId),
  );
}

/**
 * A decision for the variant that its history has may have been taken because the history has it (sticky assignment), so the
 * history must not be an old one. A decision for another variant was not.
 */
function heldVariant({ basedOn }: RecordRequest, { experimentId, variantId }: DecisionRecord): string | null {
  const held = basedOn?.find((assignment) => assignment.experimentId === experimentId);
  return held?.variantId === variantId ? variantId : null;
}

function statement(checks: readonly BatchCheck[], rows: readonly BatchRow[]): SqlStatement {
  const written = batchValues(checks, rows);
  // Where no attributes are recorded nothing of this costs anything.
  const attributes = attributeSetValues(rows);
  return attributes === null
    ? { name: "lotty_record_decisions", text: TEXT, values: written }
    : { name: "lotty_record_with_attributes", text: TEXT_WITH_ATTRIBUTES, values: [...written, ...attributes] };
}

function batchValues(checks: readonly BatchCheck[], rows: readonly BatchRow[]): readonly string[] {
  return [
    plainArray(checks.map(({ request }) => request)),
    textArray(checks.map(({ environmentId }) => environmentId)),
    textArray(checks.map(({ subjectId }) => subjectId)),
    textArray(checks.map(({ fingerprint }) => fingerprint)),
    plainArray(rows.map(({ request }) => request)),
    plainArray(rows.map(({ known }) => known)),
    textArray(rows.map(({ held }) => held)),
    ...decisionColumns(rows.map(({ decision }) => decision)),
  ];
}
