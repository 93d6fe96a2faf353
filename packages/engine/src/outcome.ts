import type { DecisionReason, Experiment, Flag, FlagRule, JsonValue, Variant } from "@lotty/domain";

/** Why a targeting rule could not be used. */
export type RuleFault = "parse" | "evaluation";

/**
 * How a decision came out. Everything in it follows from the configuration alone, so outcomes are made once per
 * revision and shared by all subjects: deciding allocates nothing.
 */
export interface Outcome {
  readonly settled: true;
  readonly reason: DecisionReason;
  readonly value: JsonValue;
  readonly flag: Flag | null;
  /** The running experiment of the flag, also when it did not take the subject. */
  readonly experiment: Experiment | null;
  readonly variant: Variant | null;
  /** The rolled-back experiment whose control gives the value. Nobody is assigned to it by that. */
  readonly rolledBack: Experiment | null;
  /** Whether an earlier assignment was kept because the experiment is sticky. */
  readonly kept: boolean;
  /** Set when the experiment took nobody because its rule has a fault. */
  readonly ruleFault: RuleFault | null;
  /** The flag's rule that gives the value, where no experiment does. */
  readonly flagRule: FlagRule | null;
  /** Set when a rule of the flag was passed over because it has a fault: that of the first such rule. */
  readonly flagRuleFault: RuleFault | null;
}

/** The outcome for every key that no flag has. */
export const FLAG_NOT_FOUND: Outcome = Object.freeze({
  settled: true,
  reason: "flag_not_found",
  value: null,
  flag: null,
  experiment: null,
  variant: null,
  rolledBack: null,
  kept: false,
  ruleFault: null,
  flagRule: null,
  flagRuleFault: null,
});

/** The outcome that gives a flag's default value. */
export function defaultOutcome(
  flag: Flag,
  reason: DecisionReason,
  about: { readonly experiment?: Experiment; readonly ruleFault?: RuleFault } = {},
): Outcome {
  return Object.freeze({
    settled: true,
    reason,
    value: flag.defaultValue,
    flag,
    experiment: about.experiment ?? null,
    variant: null,
    rolledBack: null,
    kept: false,
    ruleFault: about.ruleFault ?? null,
    flagRule: null,
    flagRuleFault: null,
  });
}
