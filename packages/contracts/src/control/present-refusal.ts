import type { LaunchFinding, Refusal } from "@lotty/control-plane";
import type { RefusalResponse } from "./control-problem.ts";
import type { FindingResponse } from "./control-records.ts";
import { presentPreview } from "./present-preview.ts";
import { presentReviewState } from "./present-review-state.ts";
import { wireField } from "./wire-field.ts";

/** Why a command was refused, for the wire: what belongs to the problem besides its code and detail. */
export function presentRefusals(refusals: readonly Refusal[]): {
  readonly refusals: readonly RefusalResponse[];
  readonly allowed?: readonly string[];
} {
  const refused = refusals.find(({ code }) => code === "transition_not_allowed");
  return {
    refusals: refusals.map(presentRefusal),
    ...(refused?.code === "transition_not_allowed" && { allowed: refused.allowed }),
  };
}

/** What speaks against an experiment, for the wire. */
export function presentFinding({ code, field, message, severity }: LaunchFinding): FindingResponse {
  return { code, severity, message, field: wireField(field) };
}

function presentRefusal(refusal: Refusal): RefusalResponse {
  const { code, message } = refusal;
  switch (refusal.code) {
    case "forbidden":
      return { code, message, roles: refusal.roles };
    case "transition_not_allowed":
      return { code, message, action: refusal.action, status: refusal.status, allowed: refusal.allowed };
    case "launch_blocked":
      return {
        code,
        message,
        findings: refusal.findings.map(presentFinding),
      };
    case "approvals_missing":
      return { code, message, review: presentReviewState(refusal.review) };
    case "version_mismatch":
      return { code, message, expected: refusal.expected, current: refusal.current };
    case "invalid_field":
      return { code, message, field: wireField(refusal.field) };
    case "confirmation_required":
      return { code, message, preview: presentPreview(refusal.preview) };
    case "in_use":
      return { code, message, by: refusal.by };
    default:
      return { code, message };
  }
}
