import {
  FULL_ALLOCATION,
  isConcluded,
  isActive,
  type DecisionReason,
  type Experiment,
  type Flag,
  type RuleParser,
} from "@lotty/domain";
import { bucketSuffix } from "./bucket.ts";
import type { DomainPlace } from "./compile-domains.ts";
import { defaultOutcome, type Outcome } from "./outcome.ts";
import { compileRule, type CompiledRule } from "./rules/compile-rule.ts";
import { layOutVariants, type VariantLayout } from "./variant-layout.ts";

/** An experiment made ready to be decided. */
export interface CompiledExperiment {
  readonly experiment: Experiment;
  readonly flag: Flag;
  /** The compiled rule, or why there is none. */
  readonly rule: CompiledRule | { readonly fault: string };
  readonly active: boolean;
  readonly running: boolean;
  readonly concluded: boolean;
  /** Parts of the hashed text that are the same for every subject. */
  readonly allocationSuffix: string;
  readonly variantSuffix: string;
  readonly takesEveryBucket: boolean;
  readonly layout: VariantLayout;
  /** The experiment's places in conflict domains; filled when the domains are compiled. */
  readonly domains: DomainPlace[];
  readonly outcomes: ExperimentOutcomes;
}

/** The outcomes that give the flag's default value. */
export interface ExperimentOutcomes {
  readonly mismatch: Outcome;
  readonly ruleNotParsed: Outcome;
  readonly ruleNotEvaluated: Outcome;
  readonly participationLimit: Outcome;
  readonly domainConflict: Outcome;
  readonly outsideAllocation: Outcome;
  readonly noVariants: Outcome;
}

/** Compiles an experiment. The rule of an unchanged earlier revision is taken over. */
export function compileExperiment(
  { flag, experiment }: { readonly flag: Flag; readonly experiment: Experiment },
  parseRule: RuleParser,
  previous?: CompiledExperiment,
): CompiledExperiment {
  const sameRule = previous !== undefined && previous.experiment.targetingRules === experiment.targetingRules;
  return {
    experiment,
    flag,
    rule: sameRule ? previous.rule : compileTargeting(experiment.targetingRules, parseRule),
    active: isActive(experiment.status),
    running: experiment.status === "running",
    concluded: isConcluded(experiment.status),
    allocationSuffix: bucketSuffix(experiment.id, "allocation"),
    variantSuffix: bucketSuffix(experiment.id, "variant"),
    takesEveryBucket: experiment.trafficAllocation >= FULL_ALLOCATION,
    layout: layOutVariants(flag, experiment),
    domains: [],
    outcomes: outcomesOf(flag, experiment),
  };
}

function compileTargeting(text: string | null, parseRule: RuleParser): CompiledRule | { readonly fault: string } {
  if (text === null) return compileRule(null);
  const parsed = parseRule(text);
  return parsed.ok ? compileRule(parsed.rule) : { fault: parsed.message };
}

function outcomesOf(flag: Flag, experiment: Experiment): ExperimentOutcomes {
  const outcome = (reason: DecisionReason): Outcome => defaultOutcome(flag, reason, { experiment });
  return {
    mismatch: outcome("targeting_mismatch"),
    ruleNotParsed: defaultOutcome(flag, "targeting_mismatch", { experiment, ruleFault: "parse" }),
    ruleNotEvaluated: defaultOutcome(flag, "targeting_mismatch", { experiment, ruleFault: "evaluation" }),
    participationLimit: outcome("participation_limit"),
    domainConflict: outcome("domain_conflict"),
    outsideAllocation: outcome("outside_traffic_allocation"),
    noVariants: outcome("no_variants"),
  };
}
