import type { DecisionMetrics, Flag, Logger } from "@lotty/domain";
import type { Outcome, RuleFault } from "@lotty/engine";

/**
 * Counts every decision that fell to a faulty rule of an experiment or passed one of a flag over. Logs each fault of an
 * experiment, and the first of a flag, once per revision.
 */
export class RuleFaultLog {
  readonly #logger: Logger;
  readonly #metrics: DecisionMetrics;
  /** Outcomes are made once per revision, so an outcome stands for a fault of a revision. */
  readonly #logged = new WeakSet<Outcome>();
  /** Flags one of whose rules has a fault that was logged; made anew with each revision as well. */
  readonly #loggedFlags = new WeakSet<Flag>();

  constructor(logger: Logger, metrics: DecisionMetrics) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  note(outcome: Outcome): void {
    if (outcome.ruleFault !== null) this.#noteExperiment(outcome, outcome.ruleFault);
    if (outcome.flagRuleFault !== null) this.#noteFlag(outcome, outcome.flagRuleFault);
  }

  #noteExperiment(outcome: Outcome, fault: RuleFault): void {
    this.#metrics.ruleFault(fault);
    if (this.#logged.has(outcome)) return;
    this.#logged.add(outcome);
    this.#logger.warn("targeting_rules_evaluation_error", {
      flag: outcome.flag?.key,
      experiment_id: outcome.experiment?.id,
      experiment_version: outcome.experiment?.version,
      fault,
    });
  }

  #noteFlag({ flag }: Outcome, fault: RuleFault): void {
    this.#metrics.ruleFault(fault);
    if (flag === null || this.#loggedFlags.has(flag)) return;
    this.#loggedFlags.add(flag);
    this.#logger.warn("flag_rules_evaluation_error", { flag: flag.key, flag_version: flag.version, fault });
  }
}
