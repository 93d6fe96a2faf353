import { isBlocking, type LaunchFinding, type LaunchStage } from "../experiments/launch-gate.ts";
import type { Refusal } from "../refusal.ts";
import { reviewState } from "../reviews/review-state.ts";
import type { ControlPorts } from "./command.ts";
import { findingsOf, reviewQuestion, type ExperimentSituation } from "./experiment-command.ts";

/** What the launch gate says about an experiment. */
export interface GateAnswer {
  /** `undefined` when nothing blocks. */
  readonly refusal: Refusal | undefined;
  readonly warnings: readonly LaunchFinding[];
}

/** Asks the launch gate. */
export function askGate(ports: ControlPorts, situation: ExperimentSituation, stage: LaunchStage): GateAnswer {
  const findings = findingsOf(ports, situation, stage);
  const blocking = findings.filter(isBlocking);
  if (blocking.length === 0) return { refusal: undefined, warnings: findings };
  const message = blocking.map((finding) => finding.message).join(" ");
  return { refusal: { code: "launch_blocked", message, findings }, warnings: [] };
}

/** The refusal of what lacks approvals; `undefined` when it has all that it needs. */
export function approvalsMissing(ports: ControlPorts, situation: ExperimentSituation): Refusal | undefined {
  const review = reviewState(reviewQuestion(ports, situation));
  if (review.satisfied) return undefined;
  const parts = review.needs
    .filter(({ missing }) => missing > 0)
    .map(({ missing, minimum, group }) => `${missing} of ${minimum}${group === null ? "" : ` of ${group.name}`}`);
  return { code: "approvals_missing", message: `Approvals are missing: ${parts.join(", ")}.`, review };
}
