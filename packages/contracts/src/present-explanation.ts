import { formatHundredths, formatInstant } from "@lotty/domain";
import type {
  BlockingAssignment,
  DomainCandidateTrace,
  DomainTrace,
  Explanation,
  FlagRuleTrace,
  GateTrace,
  VariantRangeTrace,
} from "@lotty/engine";
import type {
  BlockingAssignmentResponse,
  DomainCandidateResponse,
  DomainResponse,
  ExplanationResponse,
  FlagRuleResponse,
  GateResponse,
  VariantRangeResponse,
} from "./explanation-response.ts";
import { type ClausePrinter, presentClause } from "./present-clause.ts";

/**
 * The wire form of an explanation. Attribute names and values go through untouched.
 *
 * @param printClause prints a clause in rule language
 */
export function presentExplanation(explanation: Explanation, printClause: ClausePrinter): ExplanationResponse {
  return {
    flag: explanation.flag,
    subject_id: explanation.subjectId,
    revision: explanation.revision,
    at: formatInstant(explanation.at),
    reason: explanation.reason,
    value: explanation.value,
    experiment_id: explanation.experimentId,
    variant_id: explanation.variantId,
    kept: explanation.kept,
    rule_id: explanation.ruleId ?? undefined,
    gates: explanation.gates.map((gate) => presentGate(gate, printClause)),
    ...(explanation.flagRules.length > 0 && {
      flag_rules: explanation.flagRules.map((rule) => presentFlagRule(rule, printClause)),
    }),
  };
}

function presentGate(trace: GateTrace, printClause: ClausePrinter): GateResponse {
  const { verdict, change } = trace;
  switch (trace.gate) {
    case "flag":
      return { gate: trace.gate, verdict, change, flag_key: trace.flagKey, enabled: trace.enabled };
    case "experiment":
      return {
        gate: trace.gate,
        verdict,
        change,
        experiment_id: trace.experimentId,
        experiment_key: trace.experimentKey,
        gives_control: trace.givesControl,
        status: trace.status,
      };
    case "targeting":
      return {
        gate: trace.gate,
        verdict,
        change,
        rule: trace.rule,
        clauses: trace.clauses?.map((clause) => presentClause(clause, printClause)),
        fault: trace.fault,
      };
    case "participation":
      return {
        gate: trace.gate,
        verdict,
        change,
        limit: trace.limit,
        cooldown_days: trace.cooldownDays,
        concurrent: trace.concurrent?.map(presentBlocking),
        cooling: trace.cooling?.map(presentBlocking),
      };
    case "conflict_domains":
      return { gate: trace.gate, verdict, change, domains: trace.domains?.map(presentDomain) };
    case "allocation":
      return {
        gate: trace.gate,
        verdict,
        change,
        bucket: trace.bucket,
        threshold: trace.threshold,
        traffic_allocation: decimal(trace.threshold),
      };
    case "variants":
      return { gate: trace.gate, verdict, change, count: trace.count };
    case "variant":
      return {
        gate: trace.gate,
        verdict,
        change,
        bucket: trace.bucket,
        total_weight: decimal(trace.totalWeight),
        ranges: trace.ranges?.map(presentRange),
        variant_id: trace.variantId,
        variant_name: trace.variantName,
        chosen_by: trace.chosenBy,
      };
  }
}

function presentFlagRule(trace: FlagRuleTrace, printClause: ClausePrinter): FlagRuleResponse {
  return {
    rule_id: trace.ruleId,
    verdict: trace.verdict,
    value: trace.value,
    rollout: formatHundredths(trace.rollout),
    rule: trace.rule,
    clauses: trace.clauses?.map((clause) => presentClause(clause, printClause)),
    fault: trace.fault,
    bucket: trace.bucket,
    threshold: trace.rollout,
  };
}

function presentBlocking(blocking: BlockingAssignment): BlockingAssignmentResponse {
  return {
    experiment_id: blocking.experimentId,
    experiment_key: blocking.experimentKey,
    status: blocking.status,
    last_decided_at: formatInstant(blocking.lastDecidedAt),
    free_at: blocking.freeAt === undefined ? undefined : formatInstant(blocking.freeAt),
  };
}

function presentDomain(domain: DomainTrace): DomainResponse {
  const { holder } = domain;
  return {
    domain_id: domain.domainId,
    domain_key: domain.domainKey,
    passed: domain.passed,
    holder: holder && {
      experiment_id: holder.experimentId,
      variant_id: holder.variantId,
      first_decided_at: formatInstant(holder.firstDecidedAt),
      last_decided_at: formatInstant(holder.lastDecidedAt),
    },
    candidates: domain.candidates.map(presentCandidate),
    winner_experiment_id: domain.winnerExperimentId,
    won_by: domain.wonBy,
  };
}

function presentCandidate(candidate: DomainCandidateTrace): DomainCandidateResponse {
  return {
    experiment_id: candidate.experimentId,
    experiment_key: candidate.experimentKey,
    status: candidate.status,
    priority: candidate.priority,
    eligible: candidate.eligible,
    tie_bucket: candidate.tieBucket,
  };
}

function presentRange(range: VariantRangeTrace): VariantRangeResponse {
  return {
    variant_id: range.variantId,
    name: range.name,
    weight: formatHundredths(range.weight),
    up_to: formatHundredths(range.upTo),
  };
}

function decimal(hundredths: number | undefined): string | undefined {
  return hundredths === undefined ? undefined : formatHundredths(hundredths);
}
