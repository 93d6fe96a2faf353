import type {
  Assignment,
  DecisionReason,
  ExperimentStatus,
  Hundredths,
  Instant,
  JsonValue,
  RuleClause,
} from "@lotty/domain";

/** How a gate ended. `not_reached`: an earlier gate settled the decision. */
export type GateVerdict = "passed" | "failed" | "not_reached";

/** One clause of a rule as it came out for the subject. */
export interface ClauseTrace {
  readonly clause: RuleClause;
  /** The attribute's value; absent when the subject does not have it. */
  readonly actual?: JsonValue;
  /** `skipped`: the clauses before it had settled the rule. */
  readonly result: "true" | "false" | "error" | "skipped";
  /** The clauses of the segment that was asked for, where the clause asks for one that can be used. */
  readonly inside?: readonly ClauseTrace[];
}

/** How a rule of a flag came out for the subject. */
export interface FlagRuleTrace {
  readonly ruleId: string;
  /**
   * `gave_value`: the subject gets the rule's value. `not_meant`: its targeting is not true. `outside_rollout`: its share does
   * not take the subject. `faulty`: it cannot be used and was passed over. `not_reached`: something before it settled the value.
   */
  readonly verdict: "gave_value" | "not_meant" | "outside_rollout" | "faulty" | "not_reached";
  readonly value: JsonValue;
  readonly rollout: Hundredths;
  readonly rule: string | null;
  readonly clauses?: readonly ClauseTrace[];
  /** Why the rule could not be used. */
  readonly fault?: string;
  /** 0 to 9999; below the rollout the value is given. Only where the targeting takes the subject. */
  readonly bucket?: number;
}

/** An assignment of the subject that stands in the way, and until when. */
export interface BlockingAssignment {
  readonly experimentId: string;
  readonly experimentKey: string;
  readonly status: ExperimentStatus;
  readonly lastDecidedAt: Instant;
  /** First instant at which it no longer blocks; absent when only the end of the experiment frees the subject. */
  readonly freeAt?: Instant;
}

/** A member of a conflict domain as seen for the subject. */
export interface DomainCandidateTrace {
  readonly experimentId: string;
  readonly experimentKey: string;
  readonly status: ExperimentStatus;
  readonly priority: number;
  /** Whether it is running, its rule takes the subject and its allocation takes the subject. */
  readonly eligible: boolean;
  /** Bucket that breaks ties of priority, 0 to 9999; only for eligible members. */
  readonly tieBucket?: number;
}

/** How one conflict domain treats the subject. */
export interface DomainTrace {
  readonly domainId: string;
  readonly domainKey: string;
  readonly passed: boolean;
  /** Assignment that holds the domain, if any. */
  readonly holder?: Assignment;
  readonly candidates: readonly DomainCandidateTrace[];
  /** Who may have the subject; absent when nobody wants it. */
  readonly winnerExperimentId?: string;
  /** Why the winner won. */
  readonly wonBy?: "holder" | "only_candidate" | "priority" | "tie_bucket" | "experiment_id";
}

/** A variant's range: the first whose `upTo` lies above the point takes the subject. */
export interface VariantRangeTrace {
  readonly variantId: string;
  readonly name: string;
  readonly weight: Hundredths;
  /** Sum of the weights up to and including this variant. */
  readonly upTo: Hundredths;
}

/** One gate: its inputs, its verdict, and what would have to change for another verdict. */
export type GateTrace = { readonly verdict: GateVerdict; readonly change?: string } & (
  | {
      readonly gate: "flag";
      readonly flagKey: string;
      /** Absent without such a flag. */
      readonly enabled?: boolean;
    }
  | {
      readonly gate: "experiment";
      readonly experimentId?: string;
      readonly experimentKey?: string;
      readonly status?: ExperimentStatus;
      /** Of an experiment that is rolled back: whether the subject gets its control's value. */
      readonly givesControl?: boolean;
    }
  | {
      readonly gate: "targeting";
      readonly rule?: string | null;
      readonly clauses?: readonly ClauseTrace[];
      /** Why the rule could not be used. */
      readonly fault?: string;
    }
  | {
      readonly gate: "participation";
      readonly limit: number;
      readonly cooldownDays: number;
      readonly concurrent?: readonly BlockingAssignment[];
      readonly cooling?: readonly BlockingAssignment[];
    }
  | { readonly gate: "conflict_domains"; readonly domains?: readonly DomainTrace[] }
  | {
      readonly gate: "allocation";
      /** 0 to 9999. */
      readonly bucket?: number;
      /** Buckets below it take part. */
      readonly threshold?: number;
    }
  | { readonly gate: "variants"; readonly count?: number }
  | {
      readonly gate: "variant";
      /** 0 to 9999. */
      readonly bucket?: number;
      readonly totalWeight?: Hundredths;
      readonly ranges?: readonly VariantRangeTrace[];
      readonly variantId?: string;
      readonly variantName?: string;
      /** Set when the variant was not drawn: kept from an earlier assignment, or the last one for want of any range. */
      readonly chosenBy?: "range" | "only_variant" | "fallback" | "sticky_assignment";
    }
);

/** Why a subject gets what it gets. Gates are in the order in which they are asked. */
export interface Explanation {
  readonly flag: string;
  readonly subjectId: string;
  /** Configuration revision that was used. */
  readonly revision: number;
  readonly at: Instant;
  readonly reason: DecisionReason;
  readonly value: JsonValue;
  readonly experimentId: string | null;
  readonly variantId: string | null;
  /** Whether an earlier assignment was kept because the experiment is sticky. */
  readonly kept: boolean;
  /** The flag's rule that gives the value. */
  readonly ruleId: string | null;
  readonly gates: readonly GateTrace[];
  /** The flag's rules in the order in which they are asked, once the gates have left the default value. */
  readonly flagRules: readonly FlagRuleTrace[];
}
