import { plannedGuardrails, type Experiment, type ExperimentDetails, type ExperimentStatus } from "@lotty/domain";
import { complete, type CompletionRequest } from "../experiments/complete.ts";
import { learningOf } from "../experiments/learning-of.ts";
import type { LaunchFinding } from "../experiments/launch-gate.ts";
import { freezePlan } from "../plans/freeze-plan.ts";
import { plannedGuardrailDrafts } from "../plans/planned-guardrail-drafts.ts";
import { refused, type ControlPorts, type Plan } from "./command.ts";
import {
  planUpdate,
  type ExperimentResult,
  type ExperimentSituation,
  type ExperimentStep,
} from "./experiment-command.ts";
import { approvalsMissing, askGate, type GateAnswer } from "./launch.ts";

/** Hands an experiment to its reviewers. Each submission is judged anew. */
export function submitStep(ports: ControlPorts, actorId: string): ExperimentStep {
  return {
    action: "submit",
    permission: "experiment.edit",
    plan: (situation, next) =>
      throughGate(askGate(ports, situation, "submit"), (warnings) => {
        const contentVersion = situation.experiment.version + 1;
        const details = { ...situation.details, submittedBy: actorId, contentVersion };
        return planStatus(situation, { action: "submit", status: next, details, warnings });
      }),
  };
}

/** Lets an approved experiment take subjects, freezes what it will be judged by, and has watched what its plan promises to guard. */
export function startStep(ports: ControlPorts): ExperimentStep {
  return {
    action: "start",
    permission: "experiment.run",
    plan: (situation, next) =>
      throughGate(askGate(ports, situation, "start"), (warnings) => {
        const missing = approvalsMissing(ports, situation);
        if (missing !== undefined) return refused(missing);
        const details = { ...situation.details, startedAt: situation.details.startedAt ?? situation.now };
        const plan = planStatus(situation, { action: "start", status: next, details, warnings });
        const frozen = freezePlan(situation);
        if (frozen === undefined) return plan;
        const { guardrails: watching, metrics, now } = situation;
        const planned = frozen.plan.guardrails;
        const newId = (): string => ports.ids.next(now);
        const put = plannedGuardrails({ plan: frozen.plan, planned, metrics, watching, newId, now });
        const change = { ...plan.change, putAnalysisPlans: [frozen.plan], guardrails: { put } };
        return { ...plan, change, audit: [...plan.audit, frozen.audit, ...plannedGuardrailDrafts(put, metrics)] };
      }),
  };
}

/** Stops taking subjects; those who have a variant get the default value meanwhile. */
export function pauseStep(): ExperimentStep {
  return {
    action: "pause",
    permission: "experiment.pause",
    plan: (situation, next) => planStatus(situation, { action: "pause", status: next }),
  };
}

/**
 * Stops an experiment and gives those whom it would take control's value, so that nobody is thrown from one treatment into another.
 * Assignments stay, so that {@link resumeStep} brings everybody back to their variant.
 */
export function rollbackStep(reason: string): ExperimentStep {
  return {
    action: "rollback",
    permission: "experiment.pause",
    plan: (situation, next) => {
      const { experiment } = situation;
      if (reason.trim() === "") {
        return refused({ code: "invalid_field", field: "reason", message: "Say why it is rolled back." });
      }
      if (!experiment.variants.some(({ isControl }) => isControl)) {
        const message = "No variant is the control that subjects could get; pause the experiment instead.";
        return refused({ code: "invalid_field", field: "variants", message });
      }
      if (experiment.rolledBack === true) {
        return refused({ code: "nothing_changed", message: "It is rolled back already." });
      }
      return planStatus(situation, { action: "rollback", status: next, rolledBack: true, reason });
    },
  };
}

/** Goes on after a pause, unless something has come up that speaks against it. */
export function resumeStep(ports: ControlPorts): ExperimentStep {
  return {
    action: "resume",
    permission: "experiment.run",
    plan: (situation, next) =>
      throughGate(askGate(ports, situation, "edit"), (warnings) =>
        planStatus(situation, { action: "resume", status: next, warnings }),
      ),
  };
}

/** Puts an experiment away that is over or never was. */
export function archiveStep(): ExperimentStep {
  return {
    action: "archive",
    permission: "experiment.run",
    plan: (situation, next) => planStatus(situation, { action: "archive", status: next }),
  };
}

/** Ends an experiment. With a winner, its value becomes the flag's default in the same step. */
export function completeStep({ ids }: ControlPorts, request: CompletionRequest): ExperimentStep {
  return {
    action: "complete",
    permission: "experiment.run",
    plan: (situation, next) => {
      const { experiment, flag, now } = situation;
      if (flag === undefined) {
        const message = "The experiment's flag does not exist.";
        return refused({ code: "not_found", message, kind: "flag", id: experiment.flagId });
      }
      const completion = complete(request, { variants: experiment.variants, flag }, now);
      if (!completion.ok) return refused(...completion.refusals);
      const { outcome } = completion;
      const details = { ...situation.details, completedAt: now, outcome, proposal: null };
      const planned = planStatus(situation, { action: "complete", status: next, details });
      const learning = learningOf(ids.next(now), { ...situation, flag, outcome });
      const plan = { ...planned, change: { ...planned.change, putLearnings: [learning] } };
      if (completion.flag === null) return plan;
      return {
        ...plan,
        change: { ...plan.change, configuration: { ...plan.change.configuration, putFlags: [completion.flag] } },
        audit: [
          ...plan.audit,
          {
            action: "flag.roll_out",
            entity: { kind: "flag", id: flag.id, key: flag.key },
            before: flag,
            after: completion.flag,
          },
        ],
      };
    },
  };
}

/** Goes on only when nothing blocks. */
function throughGate(
  gate: GateAnswer,
  then: (warnings: readonly LaunchFinding[]) => Plan<ExperimentResult>,
): Plan<ExperimentResult> {
  return gate.refusal === undefined ? then(gate.warnings) : refused(gate.refusal);
}

function planStatus(
  situation: ExperimentSituation,
  step: {
    readonly action: string;
    readonly status: ExperimentStatus;
    readonly details?: ExperimentDetails;
    readonly warnings?: readonly LaunchFinding[];
    readonly rolledBack?: true;
    readonly reason?: string;
  },
): Plan<ExperimentResult> & { readonly status: "planned" } {
  const { rolledBack: _ended, ...before } = situation.experiment;
  const experiment: Experiment = { ...before, status: step.status, ...(step.rolledBack && { rolledBack: true }) };
  return planUpdate(situation, {
    action: `experiment.${step.action}`,
    after: { experiment, details: step.details ?? situation.details },
    ...(step.warnings !== undefined && { warnings: step.warnings }),
    ...(step.reason !== undefined && { reason: step.reason }),
  });
}
