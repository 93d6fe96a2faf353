import type { FiringStep, Guardrail, GuardrailEvaluation, GuardrailFiring, RecordedFiring } from "../guardrail.ts";
import type { RampPlan } from "../ramp-plan.ts";
import type { TimeSpan } from "./configuration-history.ts";

/** The part of a change that is about guardrails and ramp plans. */
export interface GuardrailChange {
  readonly put?: readonly Guardrail[];
  readonly removeIds?: readonly string[];
  /** To be kept for good. */
  readonly addFirings?: readonly GuardrailFiring[];
  /** To be kept for good. A firing acts once and is undone once: a second such step refuses the change. */
  readonly addSteps?: readonly FiringStep[];
  readonly putRamps?: readonly RampPlan[];
  /** Experiments whose plans go. */
  readonly removeRampsOf?: readonly string[];
}

/** Whom an experiment had reached by a moment. */
export interface ReachedSubjects {
  readonly variantId: string;
  /** Subjects that were assigned to the variant. */
  readonly subjects: number;
  /** Decisions that gave it. */
  readonly decisions: number;
}

/** Reads guardrails, what they saw and did, and ramp plans. Changes are commits of the control plane. */
export interface GuardrailStore {
  /** The guardrails of an experiment, in the order of their ids; of all experiments without one. */
  list(environmentId: string, experimentId?: string): Promise<readonly Guardrail[]>;

  /** What the guardrails of an experiment saw last. */
  evaluations(environmentId: string, experimentId: string): Promise<readonly GuardrailEvaluation[]>;

  /** Keeps what guardrails saw, in the place of what they saw before. Guardrails that are gone are passed over. */
  keepEvaluations(environmentId: string, evaluations: readonly GuardrailEvaluation[]): Promise<void>;

  /** The latest firings of an experiment, newest first. */
  firings(environmentId: string, experimentId: string, limit: number): Promise<readonly RecordedFiring[]>;

  /** One firing; `undefined` when there is none of that id. */
  firing(environmentId: string, firingId: string): Promise<RecordedFiring | undefined>;

  /** The latest firing of a guardrail; `undefined` when it never fired. */
  lastFiring(environmentId: string, guardrailId: string): Promise<RecordedFiring | undefined>;

  /**
   * Whom an experiment had reached between two moments, variant by variant. Reads the log of that time.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  reached(environmentId: string, experimentId: string, span: TimeSpan): Promise<readonly ReachedSubjects[]>;

  /** The ramp plans of an environment; only that of one experiment if it is named. */
  ramps(environmentId: string, experimentId?: string): Promise<readonly RampPlan[]>;
}
