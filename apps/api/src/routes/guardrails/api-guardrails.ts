import type { CommandResult } from "@lotty/control-plane";
import type {
  Experiment,
  ExperimentMoments,
  GuardrailStore,
  Instant,
  JobLocks,
  MetricCatalogue,
  MetricHistory,
  RecordedFiring,
} from "@lotty/domain";
import {
  createGuardrailControl,
  createRampControl,
  undoFiring,
  watchExperiment,
  type GuardrailControl,
  type GuardrailPorts,
  type RampControl,
  type UndoCommand,
} from "@lotty/guardrails";
import { GUARDRAILS_JOB, MAX_ROUND_SECONDS } from "@lotty/runtime";

/** What the API does with guardrails and ramp plans. */
export interface ApiGuardrails {
  readonly reads: Omit<GuardrailStore, "keepEvaluations">;
  readonly metrics: MetricCatalogue;
  /** `null` where nothing is kept of the time before experiments. */
  readonly history: MetricHistory | null;
  now(): Instant;
  readonly control: GuardrailControl;
  readonly ramps: RampControl;
  undo(command: UndoCommand): Promise<CommandResult<RecordedFiring>>;
  /**
   * Looks at the guardrails of a running experiment now, and acts where one fires.
   *
   * @returns whether it looked; `false` when another process was at it
   * @throws LottyError what the stores throw
   */
  evaluate(environmentId: string, experiment: Experiment): Promise<boolean>;
}

/** What the guardrails of the API work with. */
export interface ApiGuardrailPorts extends GuardrailPorts {
  readonly moments: ExperimentMoments;
  readonly jobLocks: JobLocks;
  readonly history: MetricHistory | null;
}

/** Puts guardrails together on their ports. */
export function createApiGuardrails(ports: ApiGuardrailPorts): ApiGuardrails {
  return {
    reads: ports.guardrails,
    metrics: ports.metrics,
    history: ports.history,
    now: () => ports.clock.now(),
    control: createGuardrailControl(ports),
    ramps: createRampControl(ports),
    undo: (command) => undoFiring(ports, command),
    evaluate: async (environmentId, experiment) => {
      // The same lock as that of the job: one process at a time looks.
      const { held } = await ports.jobLocks.exclusively(GUARDRAILS_JOB, MAX_ROUND_SECONDS, () =>
        watchExperiment(ports, environmentId, experiment),
      );
      return held;
    },
  };
}
