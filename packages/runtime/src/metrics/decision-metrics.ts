import { DECISION_REASONS, type DecisionMetrics } from "@lotty/domain";
import { Counter, type Registry } from "prom-client";

const RULE_FAULTS = ["parse", "evaluation"] as const;
const LOOKUPS = ["hit", "miss", "error"] as const;
const WAYS = ["sync", "async", "sync_fallback", "spool", "disabled"] as const;

/**
 * Counts decisions in a registry. Every label value is there from the start at 0, so that rates and alerts see the
 * first increment. Use once per registry.
 */
export function createDecisionMetrics(registry: Registry): DecisionMetrics {
  const decided = countByLabel(registry, {
    name: "lotty_decide_requests_total",
    help: "Decisions taken, by reason.",
    label: "reason",
    values: DECISION_REASONS,
  });
  const ruleFault = countByLabel(registry, {
    name: "lotty_rule_faults_total",
    help: "Times a targeting rule took nobody because it could not be parsed or evaluated.",
    label: "kind",
    values: RULE_FAULTS,
  });
  const cacheLookup = countByLabel(registry, {
    name: "lotty_decision_cache_lookups_total",
    help: "Look-ups in the decision cache, by result.",
    label: "result",
    values: LOOKUPS,
  });
  const recorded = countByLabel(registry, {
    name: "lotty_decisions_recorded_total",
    help: "Decisions handed over to be kept, by way; sync_fallback: the stream refused and the database took them; spool: the database was away.",
    label: "way",
    values: WAYS,
  });
  const conflicts = new Counter({
    name: "lotty_history_conflicts_total",
    help: "First assignments that were taken again because the subject's history had changed meanwhile.",
    registers: [registry],
  });
  return { decided, ruleFault, cacheLookup, recorded, historyConflict: () => conflicts.inc() };
}

interface LabelledCounter<Value extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly values: readonly Value[];
}

/**
 * A counter with one label. Counts by plain arithmetic and tells prom-client when it is asked: its own increment looks labels up
 * by a text that it makes of them each time, which costs a decision more than its hash.
 */
function countByLabel<Value extends string>(
  registry: Registry,
  { help, label, name, values }: LabelledCounter<Value>,
): (value: Value) => void {
  const counts = new Map<Value, number>(values.map((value) => [value, 0]));
  const counter: Counter = new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const [value, count] of counts) counter.inc({ [label]: value }, count);
    },
  });
  return (value) => void counts.set(value, (counts.get(value) ?? 0) + 1);
}
