import type { RefusalResponse } from "@lotty/contracts";
import type { Refusal } from "@lotty/control-plane";
import type { Answer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import { presentPreview } from "../experiments/present-preview.ts";
import { presentReviewState } from "../reviews/present-review-state.ts";
import { wireField } from "./wire-field.ts";

/** The answer to a command that was refused: the first refusal gives code and status, all of them are listed. */
export function refusalAnswer(refusals: readonly Refusal[], requestId: string): Answer {
  const [first] = refusals;
  if (first === undefined) throw new TypeError("A refusal without a reason");
  const refused = refusals.find(({ code }) => code === "transition_not_allowed");
  const extensions = {
    refusals: refusals.map(presentRefusal),
    ...(refused?.code === "transition_not_allowed" && { allowed: refused.allowed }),
  };
  return problemAnswer({ code: first.code, detail: first.message, extensions }, requestId);
}

/** One refusal for the wire. */
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
        findings: refusal.findings.map((finding) => ({ ...finding, field: wireField(finding.field) })),
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
