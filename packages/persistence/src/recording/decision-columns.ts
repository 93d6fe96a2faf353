import type { DecisionRecord } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";

/**
 * Decisions as array literals, one for each column: id, environment, flag, subject, experiment, variant, value, reason, rule,
 * version of flag and of experiment, digest of the attributes, version of the hash, and when, in microseconds.
 */
export function decisionColumns(decisions: readonly DecisionRecord[]): readonly string[] {
  return [
    textArray(decisions.map(({ decisionId }) => decisionId)),
    textArray(decisions.map(({ environmentId }) => environmentId)),
    textArray(decisions.map(({ flagKey }) => flagKey)),
    textArray(decisions.map(({ subjectId }) => subjectId)),
    textArray(decisions.map(({ experimentId }) => experimentId)),
    textArray(decisions.map(({ variantId }) => variantId)),
    textArray(decisions.map(({ value }) => value)),
    textArray(decisions.map(({ reason }) => reason)),
    textArray(decisions.map(({ ruleId }) => ruleId)),
    plainArray(decisions.map(({ flagVersion }) => flagVersion)),
    plainArray(decisions.map(({ experimentVersion }) => experimentVersion)),
    textArray(decisions.map(({ attributesDigest }) => attributesDigest)),
    plainArray(decisions.map(({ hashVersion }) => hashVersion)),
    plainArray(decisions.map(({ decidedAt }) => decidedAt)),
  ];
}
