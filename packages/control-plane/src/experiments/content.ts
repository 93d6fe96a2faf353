import type { ExperimentContent } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";
import { ruleText } from "./same-rule.ts";

/** The part of an experiment that says who gets what. */
export function contentOf(experiment: ExperimentContent): ExperimentContent {
  const { flagId, targetingRules, trafficAllocation, variants, stickyAssignment } = experiment;
  return { flagId, targetingRules, trafficAllocation, variants, stickyAssignment };
}

/** Whether two contents give everybody the same. A rule that only reads differently is no difference. */
export function isSameContent(one: ExperimentContent, other: ExperimentContent): boolean {
  return contentText(one) === contentText(other);
}

function contentText(content: ExperimentContent): string {
  const { flagId, targetingRules, trafficAllocation, variants, stickyAssignment } = content;
  return canonicalJson({
    flagId,
    rule: ruleText(targetingRules),
    trafficAllocation,
    stickyAssignment,
    // Their order decides when no variant's range takes a bucket.
    variants: variants.map(({ id, name, value, weight, isControl }) => ({ id, name, value, weight, isControl })),
  });
}
