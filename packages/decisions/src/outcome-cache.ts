import type { CachedDecision, DecisionCache, DecisionMetrics, DecisionReason, Logger } from "@lotty/domain";
import type { CompiledExperiment, Outcome } from "@lotty/engine";

/** What caching outcomes works with. */
export interface OutcomeCachePorts {
  /** Null where nothing is ever kept. */
  readonly cache: DecisionCache | null;
  /** 0 keeps nothing new; entries that are there are still used, as the reference does. */
  readonly cacheTtlSeconds: number;
  readonly metrics: DecisionMetrics;
  readonly logger: Logger;
}

/**
 * The outcomes worth keeping: those after the history gate, because only they cost a look-up. Refusals by that gate are
 * never kept: they may be over at any moment.
 */
const CACHEABLE: ReadonlySet<DecisionReason> = new Set([
  "outside_traffic_allocation",
  "no_variants",
  "experiment_assigned",
]);

/** Whether an outcome of this reason may be kept. */
export function isKeepable(reason: DecisionReason): boolean {
  return CACHEABLE.has(reason);
}

/**
 * The kept outcome of a decision, as it was before the rules of the flag. Only the reason and the variant come from the cache; value and names come from the
 * configuration that the key stands for, so that a damaged entry can never change what a subject gets.
 */
export async function findOutcome(
  key: string,
  compiled: CompiledExperiment,
  ports: OutcomeCachePorts,
): Promise<Outcome | undefined> {
  if (ports.cache === null) return undefined;
  let entry: CachedDecision | undefined;
  try {
    entry = await ports.cache.get(key);
  } catch (error) {
    ports.metrics.cacheLookup("error");
    ports.logger.debug("decision_cache_failed", { error });
    return undefined;
  }
  const outcome = entry === undefined ? undefined : outcomeOfEntry(entry, compiled);
  ports.metrics.cacheLookup(outcome === undefined ? "miss" : "hit");
  return outcome;
}

/** Keeps how the gates came out, if that is of the kind that is kept; which rule of the flag gave the value is not. A cache that is away costs the next caller time, nothing else. */
export async function keepOutcome(key: string, outcome: Outcome, ports: OutcomeCachePorts): Promise<void> {
  if (ports.cache === null || ports.cacheTtlSeconds === 0) return;
  if (outcome.experiment === null || !isKeepable(outcome.reason)) return;
  const entry: CachedDecision = {
    reason: outcome.reason,
    experimentId: outcome.experiment.id,
    variantId: outcome.variant?.id ?? null,
  };
  try {
    await ports.cache.set(key, entry, ports.cacheTtlSeconds);
  } catch (error) {
    ports.logger.debug("decision_cache_failed", { error });
  }
}

function outcomeOfEntry(entry: CachedDecision, compiled: CompiledExperiment): Outcome | undefined {
  if (entry.experimentId !== compiled.experiment.id) return undefined;
  switch (entry.reason) {
    case "outside_traffic_allocation":
      return compiled.outcomes.outsideAllocation;
    case "no_variants":
      return compiled.outcomes.noVariants;
    case "experiment_assigned":
      return compiled.layout.ranges.find((range) => range.variant.id === entry.variantId)?.outcome;
    default:
      return undefined;
  }
}
