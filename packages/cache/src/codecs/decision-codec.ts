import { isDecisionReason, type DecisionRecord } from "@lotty/domain";
import { parseJson } from "./parse-json.ts";

/** Fields of a decision whose value no rule gave and whose attributes are not recorded. */
const FEWEST_FIELDS = 13;

/** With the id of the rule and the attributes. */
const MOST_FIELDS = 15;

/**
 * A decision as compact text: a JSON array in a fixed order. Half the size of an object with names, and lone
 * surrogates stay what they are, because JSON escapes them. It has no line breaks.
 */
export function encodeDecision(record: DecisionRecord): string {
  return JSON.stringify([
    record.decisionId,
    record.environmentId,
    record.flagKey,
    record.subjectId,
    record.experimentId,
    record.variantId,
    record.value,
    record.reason,
    record.flagVersion,
    record.experimentVersion,
    record.attributesDigest,
    record.hashVersion,
    record.decidedAt,
    ...furtherFields(record),
  ]);
}

/** Left out where there are none: such text is the same as in versions that did not have them. */
function furtherFields({ attributes, ruleId }: DecisionRecord): readonly (string | null)[] {
  if (attributes !== undefined) return [ruleId, attributes];
  return ruleId === null ? [] : [ruleId];
}

/** Reads what {@link encodeDecision} wrote, or says what is wrong with the text. Never throws. */
export function decodeDecision(text: string): DecisionRecord | { readonly malformed: string } {
  const fields = parseJson(text);
  if (!Array.isArray(fields)) return { malformed: "the payload is not a JSON array" };
  if (fields.length < FEWEST_FIELDS || fields.length > MOST_FIELDS) {
    return { malformed: `the payload has ${fields.length} fields instead of ${FEWEST_FIELDS} to ${MOST_FIELDS}` };
  }
  const [decisionId, environmentId, flagKey, subjectId, experimentId, variantId, value, reason] = fields as unknown[];
  const [flagVersion, experimentVersion, attributesDigest, hashVersion, decidedAt, ruleId = null, attributes] =
    fields.slice(8) as unknown[];

  if (!isId(decisionId)) return wrong("decision_id");
  if (!isId(environmentId)) return wrong("environment_id");
  if (typeof flagKey !== "string") return wrong("flag_key");
  if (!isId(subjectId)) return wrong("subject_id");
  if (experimentId !== null && !isId(experimentId)) return wrong("experiment_id");
  if (variantId !== null && !isId(variantId)) return wrong("variant_id");
  if (typeof value !== "string") return wrong("value");
  if (typeof reason !== "string" || !isDecisionReason(reason)) return wrong("reason");
  if (flagVersion !== null && !isWhole(flagVersion)) return wrong("flag_version");
  if (experimentVersion !== null && !isWhole(experimentVersion)) return wrong("experiment_version");
  if (attributesDigest !== null && typeof attributesDigest !== "string") return wrong("attributes_digest");
  if (hashVersion !== 1) return wrong("hash_version");
  if (!isWhole(decidedAt)) return wrong("decided_at");
  if (ruleId !== null && !isId(ruleId)) return wrong("rule_id");
  if (attributes !== undefined && typeof attributes !== "string") return wrong("attributes");
  return {
    decisionId,
    environmentId,
    flagKey,
    subjectId,
    experimentId,
    variantId,
    value,
    reason,
    ruleId,
    flagVersion,
    experimentVersion,
    attributesDigest,
    ...(attributes !== undefined && { attributes }),
    hashVersion,
    decidedAt,
  };
}

function wrong(field: string): { readonly malformed: string } {
  return { malformed: `the payload has no valid ${field}` };
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
