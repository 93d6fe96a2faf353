import type { DecisionReason, DecisionRecord } from "@lotty/domain";
import { REPLAY_GATES, type ReplayGate, type ReplaySide } from "./replay.ts";

/** The gate that gives each reason. */
const GATE_OF_REASON: Readonly<Record<DecisionReason, ReplayGate>> = {
  flag_not_found: "flag",
  flag_disabled: "flag",
  no_active_experiment: "experiment",
  targeting_mismatch: "targeting",
  participation_limit: "participation",
  domain_conflict: "conflict_domains",
  outside_traffic_allocation: "allocation",
  no_variants: "variants",
  experiment_assigned: "variant",
};

/** How far a decision came. */
export function gateOf(reason: DecisionReason): ReplayGate {
  return GATE_OF_REASON[reason];
}

/** Tells gates apart by their order. */
export function positionOf(gate: ReplayGate): number {
  return REPLAY_GATES.indexOf(gate);
}

/** The first gate at which two records of one decision part; `null` when they are the same. */
export function firstDifference(recorded: DecisionRecord, replayed: DecisionRecord): ReplayGate | null {
  if (recorded.flagVersion !== replayed.flagVersion) return "flag";
  if (
    recorded.experimentId !== replayed.experimentId ||
    recorded.experimentVersion !== replayed.experimentVersion ||
    recorded.hashVersion !== replayed.hashVersion
  ) {
    return "experiment";
  }
  if (recorded.reason !== replayed.reason) {
    const [one, other] = [gateOf(recorded.reason), gateOf(replayed.reason)];
    return positionOf(one) < positionOf(other) ? one : other;
  }
  if (recorded.variantId !== replayed.variantId) return "variant";
  if (recorded.ruleId !== replayed.ruleId) return "flag_rules";
  return recorded.value === replayed.value ? null : "value";
}

/** The part of a record that is compared. */
export function sideOf(record: DecisionRecord): ReplaySide {
  const { reason, value, experimentId, variantId, ruleId, flagVersion, experimentVersion } = record;
  return { reason, value, experimentId, variantId, ruleId, flagVersion, experimentVersion };
}
