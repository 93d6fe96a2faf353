import type { DecisionMetrics, Logger } from "@lotty/domain";
import type { Outcome } from "@lotty/engine";

/** Counts every decision that fell to a faulty rule, and logs each fault once per revision of its experiment. */
export class RuleFaultLog {
  readonly #logger: Logger;
  readonly #metrics: DecisionMetrics;
  /** Outcomes are made once per revision, so an outcome stands for a fault of a revision. */
  readonly #logged = new WeakSet<Outcome>();

  constructor(logger: Logger, metrics: DecisionMetrics) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  note(outcome: Outcome): void {
    if (outcome.ruleFault === null) return;
    this.#metrics.ruleFault(outcome.ruleFault);
    if (this.#logged.has(outcome)) return;
    this.#logged.add(outcome);
    this.#logger.warn("targeting_rules_evaluation_error", {
      flag: outcome.flag?.key,
      experiment_id: outcome.experiment?.id,
      experiment_version: outcome.experiment?.version,
      fault: outcome.ruleFault,
    });
  }
}
