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
  const decided = new Counter({
    name: "lotty_decide_requests_total",
    help: "Decisions taken, by reason.",
    labelNames: ["reason"] as const,
    registers: [registry],
  });
  const ruleFaults = new Counter({
    name: "lotty_rule_faults_total",
    help: "Times a targeting rule took nobody because it could not be parsed or evaluated.",
    labelNames: ["kind"] as const,
    registers: [registry],
  });
  const lookups = new Counter({
    name: "lotty_decision_cache_lookups_total",
    help: "Look-ups in the decision cache, by result.",
    labelNames: ["result"] as const,
    registers: [registry],
  });
  const recorded = new Counter({
    name: "lotty_decisions_recorded_total",
    help: "Decisions handed over to be kept, by way; sync_fallback: the stream refused and the database took them; spool: the database was away.",
    labelNames: ["way"] as const,
    registers: [registry],
  });
  const conflicts = new Counter({
    name: "lotty_history_conflicts_total",
    help: "First assignments that were taken again because the subject's history had changed meanwhile.",
    registers: [registry],
  });
  for (const reason of DECISION_REASONS) decided.inc({ reason }, 0);
  for (const kind of RULE_FAULTS) ruleFaults.inc({ kind }, 0);
  for (const result of LOOKUPS) lookups.inc({ result }, 0);
  for (const way of WAYS) recorded.inc({ way }, 0);
  return {
    decided: (reason) => decided.inc({ reason }),
    ruleFault: (kind) => ruleFaults.inc({ kind }),
    cacheLookup: (result) => lookups.inc({ result }),
    recorded: (way) => recorded.inc({ way }),
    historyConflict: () => conflicts.inc(),
  };
}
