import { canonicalJson } from "@lotty/engine";
import type { AnalysisPlan, Instant, PlanDeviation } from "@lotty/domain";

/** The fields that a plan is judged by. */
const FIELDS = [
  "primary",
  "secondary",
  "guardrails",
  "alpha",
  "power",
  "minimumEffect",
  "durationDays",
  "plannedSubjects",
  "minimumSubjects",
  "looking",
  "correction",
  "correctionScope",
  "population",
  "segments",
] as const;

/** One of the fields that a plan is judged by. */
type PlanField = (typeof FIELDS)[number];

/** The fields in which two plans differ, in a fixed order. */
export function differingFields(before: AnalysisPlan, after: AnalysisPlan): readonly PlanField[] {
  return FIELDS.filter((field) => textOf(before, field) !== textOf(after, field));
}

/** What was changed of a plan that had been frozen; of a plan that was only made after the start, that it was. */
export function deviationsFrom(
  before: AnalysisPlan | undefined,
  after: AnalysisPlan,
  by: { readonly actorName: string; readonly at: Instant },
): readonly PlanDeviation[] {
  const { experimentId } = after;
  if (before === undefined) {
    return [{ experimentId, ...by, field: "plan", planned: "none", now: "made after the start" }];
  }
  return differingFields(before, after).map((field) => ({
    experimentId,
    ...by,
    field,
    planned: textOf(before, field),
    now: textOf(after, field),
  }));
}

/** A field as text: canonical JSON. */
function textOf(plan: AnalysisPlan, field: PlanField): string {
  const value = plan[field];
  if (typeof value !== "object" || value === null) return canonicalJson(value);
  return canonicalJson(value.map((each) => (typeof each === "string" ? each : { ...each })));
}
