import {
  FULL_ALLOCATION,
  isConcluded,
  isActive,
  type DecisionReason,
  type Experiment,
  type Flag,
  type Segment,
} from "@lotty/domain";
import { bucketSuffix } from "./bucket.ts";
import type { DomainPlace } from "./compile-domains.ts";
import { segmentsBehind } from "./compile-segments.ts";
import { compileTargeting, type CompiledTargeting, type RuleSurroundings } from "./compile-targeting.ts";
import type { CompiledFlagRules } from "./flag-rules.ts";
import { defaultOutcome, type Outcome } from "./outcome.ts";
import { layOutVariants, type VariantLayout } from "./variant-layout.ts";

/** An experiment made ready to be decided. */
export interface CompiledExperiment {
  readonly experiment: Experiment;
  readonly flag: Flag;
  /** The compiled rule, or why there is none. */
  readonly rule: CompiledTargeting;
  /** The segments that the rule rests on, directly or through others. */
  readonly segments: readonly Segment[];
  /** The rules of the flag, for subjects that the experiment does not take. */
  readonly flagRules: CompiledFlagRules | null;
  readonly active: boolean;
  /** Whether it may take subjects: it is running, and its flag is enabled. */
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

/** An experiment with what it is about. */
export interface ExperimentToCompile {
  readonly flag: Flag;
  readonly flagRules: CompiledFlagRules | null;
  readonly experiment: Experiment;
}

/** Compiles an experiment. The rule of an unchanged earlier revision is taken over. */
export function compileExperiment(
  { flag, flagRules, experiment }: ExperimentToCompile,
  surroundings: RuleSurroundings,
  previous?: CompiledExperiment,
): CompiledExperiment {
  const earlier = previous && { text: previous.experiment.targetingRules, targeting: previous.rule };
  const rule = compileTargeting(experiment.targetingRules, surroundings, earlier);
  return {
    experiment,
    flag,
    rule,
    segments: segmentsOf(rule, surroundings, previous),
    flagRules,
    active: isActive(experiment.status),
    running: experiment.status === "running" && flag.enabled,
    concluded: isConcluded(experiment.status),
    allocationSuffix: bucketSuffix(experiment.id, "allocation"),
    variantSuffix: bucketSuffix(experiment.id, "variant"),
    takesEveryBucket: experiment.trafficAllocation >= FULL_ALLOCATION,
    layout: layOutVariants(flag, experiment),
    domains: [],
    outcomes: outcomesOf(flag, experiment),
  };
}

function segmentsOf(
  rule: CompiledTargeting,
  { segments, segmentsKept }: RuleSurroundings,
  previous: CompiledExperiment | undefined,
): readonly Segment[] {
  if (segmentsKept && rule === previous?.rule) return previous.segments;
  return "fault" in rule ? [] : segmentsBehind(rule.rule, segments.byKey);
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
