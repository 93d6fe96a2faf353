import type { Logger } from "@lotty/domain";
import { advanceRamp } from "./advance-ramp.ts";
import { watchExperiment, type WatchPorts } from "./watch-experiment.ts";

/** What a round of watching came to. */
export interface WatchRound {
  readonly evaluated: number;
  readonly acted: number;
  /** Firings whose action was refused. They are on record and are tried again in the next round. */
  readonly failed: number;
  readonly stepsTaken: number;
}

/** How a round is made. */
export interface WatchOptions {
  readonly logger: Logger;
  /** Whether the round is to end before the next experiment. */
  readonly isEnding: () => boolean;
}

/**
 * One round over all running experiments: guardrails first, then ramp plans. An experiment that cannot be looked at is logged, does
 * not keep the others from their turn, and makes the round fail in the end, so that it is tried again soon.
 *
 * @throws LottyError what the store threw for the first such experiment
 */
export async function watchEnvironment(
  ports: WatchPorts,
  environmentId: string,
  { isEnding, logger }: WatchOptions,
): Promise<WatchRound> {
  const { experiments } = await ports.store.load(environmentId);
  const round = { evaluated: 0, acted: 0, failed: 0, stepsTaken: 0 };
  let failure: { readonly error: unknown } | undefined;
  for (const experiment of experiments.filter(({ status }) => status === "running")) {
    if (isEnding()) break;
    try {
      for (const { evaluation, firing } of await watchExperiment(ports, environmentId, experiment)) {
        if (evaluation !== undefined) round.evaluated += 1;
        if (firing === "acted") round.acted += 1;
        if (firing === "failed") round.failed += 1;
        if (firing !== undefined) logger.warn("guardrail_fired", { experiment: experiment.key, outcome: firing });
      }
      const move = await advanceRamp(ports, environmentId, experiment);
      if (move?.kind === "step") round.stepsTaken += 1;
    } catch (error) {
      logger.error("guardrails_not_evaluated", { experiment: experiment.key, error });
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
  return round;
}
