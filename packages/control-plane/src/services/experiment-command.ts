import type {
  ApproverGroup,
  Configuration,
  ExperimentDetails,
  ExperimentStatus,
  Flag,
  FlagDetails,
  Guardrail,
  Instant,
  LaunchCertificate,
  Review,
} from "@lotty/domain";
import { announceStep } from "../experiments/announce-step.ts";
import type { DescribedExperiment } from "../experiments/edit.ts";
import { transition, type LifecycleAction } from "../experiments/lifecycle.ts";
import { launchFindings, type LaunchFinding, type LaunchStage } from "../experiments/launch-gate.ts";
import type { PlanSituation } from "../plans/plan-findings.ts";
import { nextVersion } from "../next-version.ts";
import type { Permission } from "../people/permission.ts";
import type { Refusal } from "../refusal.ts";
import type { ReviewQuestion } from "../reviews/review-state.ts";
import { refused, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { runCommand, type Ground } from "./run-command.ts";

/** A command about an experiment. */
export interface ExperimentCommand extends Command {
  readonly experimentId: string;
  /** The version that the actor has seen; another one in the store refuses the command. */
  readonly expectedVersion?: number;
}

/** An experiment with all that a command about it has to know. */
export interface ExperimentSituation extends DescribedExperiment, PlanSituation {
  readonly configuration: Configuration;
  readonly now: Instant;
  readonly flag: Flag | undefined;
  readonly flagDetails: FlagDetails | undefined;
  readonly reviews: readonly Review[];
  readonly groups: readonly ApproverGroup[];
  /** What watches it. Only read with a plan. */
  readonly guardrails: readonly Guardrail[];
  /** `null` when there is none, `undefined` where none are computed. */
  readonly certificate: LaunchCertificate | null | undefined;
}

/** What became of an experiment. */
export interface ExperimentResult extends DescribedExperiment {
  /** What its authors should think about again. */
  readonly warnings: readonly LaunchFinding[];
}

/** What a command does, and what that takes. */
export interface ExperimentStep {
  readonly action: LifecycleAction;
  readonly permission: Permission;
  /** Works out the change. `next` is the status that the action leads to. */
  readonly plan: (
    situation: ExperimentSituation,
    next: ExperimentStatus,
  ) => Plan<ExperimentResult> | Promise<Plan<ExperimentResult>>;
}

/** Runs a command about an experiment: permission, existence, version and status are checked before it is planned. */
export function runExperimentCommand(
  ports: ControlPorts,
  command: ExperimentCommand,
  step: ExperimentStep,
): Promise<CommandResult<ExperimentResult>> {
  return runCommand(ports, { ...command, permission: step.permission }, (ground) =>
    planExperimentStep(ports, command, { ground, step }),
  );
}

/** Plans a step without committing it, for commands that do more than the step in the same commit. The permission is the caller's business. */
export async function planExperimentStep(
  ports: ControlPorts,
  about: Pick<ExperimentCommand, "environmentId" | "experimentId" | "expectedVersion">,
  { ground, step }: { readonly ground: Ground; readonly step: ExperimentStep },
): Promise<Plan<ExperimentResult>> {
  const situation = await situationOf(ports, about, ground);
  if (situation === undefined) return refused(experimentNotFound(about.experimentId));
  const mismatch = versionMismatch(situation.experiment.version, about.expectedVersion);
  if (mismatch !== undefined) return refused(mismatch);
  const next = transition(step.action, situation.experiment.status);
  return next.ok ? step.plan(situation, next.status) : refused(next.refusal);
}

/** Reads all that commands about an experiment have to know; `undefined` when there is none of that id. */
export async function situationOf(
  { certificates, guardrails: watching, metrics: catalogue, plans, store }: ControlPorts,
  { environmentId, experimentId }: Pick<ExperimentCommand, "environmentId" | "experimentId">,
  { configuration, now }: Ground,
): Promise<ExperimentSituation | undefined> {
  const experiment = configuration.experiments.find(({ id }) => id === experimentId);
  if (experiment === undefined) return undefined;
  const flag = configuration.flags.find(({ id }) => id === experiment.flagId);
  const [details, flagDetails, reviews, groups, plan, certificate] = await Promise.all([
    store.experimentDetails(environmentId, experimentId),
    store.flagDetails(experiment.flagId),
    store.reviews(environmentId, experimentId),
    store.approverGroups(environmentId),
    plans.find(environmentId, experimentId),
    certificates?.latest(environmentId, experimentId),
  ]);
  const [metrics, guardrails] =
    plan === undefined
      ? [[], []]
      : await Promise.all([catalogue.list(environmentId), watching.list(environmentId, experimentId)]);
  return {
    configuration,
    now,
    experiment,
    details: details ?? newDetails(experimentId, experiment.version),
    flag,
    flagDetails,
    reviews,
    groups,
    certificate: certificates === undefined ? undefined : (certificate ?? null),
    plan,
    metrics,
    guardrails,
  };
}

/** What is said about an experiment of which nothing was ever said, such as one from a definitions file. */
export function newDetails(experimentId: string, contentVersion: number): ExperimentDetails {
  return {
    experimentId,
    hypothesis: null,
    owner: null,
    plannedDays: null,
    description: null,
    authors: [],
    submittedBy: null,
    contentVersion,
    proposal: null,
    startedAt: null,
    completedAt: null,
    outcome: null,
  };
}

/** What speaks against an experiment in its situation. */
export function findingsOf(
  { schemas }: ControlPorts,
  situation: ExperimentSituation,
  stage: LaunchStage,
): readonly LaunchFinding[] {
  return launchFindings({ ...situation, stage, schemas });
}

/** What a review of the experiment rests on. */
export function reviewQuestion({ settings }: ControlPorts, situation: ExperimentSituation): ReviewQuestion {
  const { details, reviews, groups } = situation;
  return { details, reviews, groups, settings };
}

/** What a command makes of an experiment. */
export interface ExperimentUpdate {
  readonly action: string;
  /** Besides the version and time, which follow from the situation. */
  readonly after: DescribedExperiment;
  readonly reviews?: readonly Review[];
  readonly warnings?: readonly LaunchFinding[];
  /** Why, in the words of whoever does it; kept on record with the change. */
  readonly reason?: string;
}

/** Plans to write an experiment with its details, as its next version. */
export function planUpdate(
  situation: ExperimentSituation,
  update: ExperimentUpdate,
): Plan<ExperimentResult> & { readonly status: "planned" } {
  const { experiment: before, details: detailsBefore, now } = situation;
  const { details } = update.after;
  const experiment = nextVersion({ ...update.after.experiment, version: before.version }, now);
  return {
    status: "planned",
    change: {
      configuration: { putExperiments: [experiment] },
      putExperimentDetails: [details],
      ...(update.reviews !== undefined && { putReviews: update.reviews }),
    },
    audit: [
      {
        action: update.action,
        entity: { kind: "experiment", id: experiment.id, key: experiment.key },
        before: { ...before, details: detailsBefore },
        after: {
          ...experiment,
          details,
          ...(update.reviews !== undefined && { reviews: update.reviews }),
          ...(update.reason !== undefined && { reason: update.reason }),
        },
      },
    ],
    announcements: announceStep({
      action: update.action,
      experiment,
      details,
      flagDetails: situation.flagDetails,
      comment: update.reason ?? update.reviews?.at(-1)?.comment ?? null,
    }),
    result: { experiment, details, warnings: update.warnings ?? [] },
  };
}

/** The refusal of a version that was seen but is no longer the current one; `undefined` when it is, or none was named. */
export function versionMismatch(current: number, expected: number | undefined): Refusal | undefined {
  if (expected === undefined || expected === current) return undefined;
  const message = `It has changed since: this is version ${current}, not ${expected}. Look at it again.`;
  return { code: "version_mismatch", message, expected, current };
}

/** The refusal of an experiment that does not exist. */
export function experimentNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no experiment ${id}.`, kind: "experiment", id };
}
