import type { DecisionMetrics, EventMetrics } from "@lotty/domain";
import { collectDefaultMetrics, Registry } from "prom-client";
import { createDecisionMetrics } from "./decision-metrics.ts";
import { createEventMetrics } from "./event-metrics.ts";

/** Resolution of the event loop's delay, in milliseconds: the shortest block that shows. */
const EVENT_LOOP_RESOLUTION_MS = 10;

/** The metrics of a process. */
export interface Metrics {
  /** Own to the process: nothing is registered globally. Further metrics go here, named `lotty_...`. */
  readonly registry: Registry;
  readonly decisions: DecisionMetrics;
  readonly events: EventMetrics;
}

/**
 * Makes the metrics of a process: decisions, and the process itself under the usual `process_` and `nodejs_` names,
 * among them quantiles of the event loop's delay (`nodejs_eventloop_lag_p99_seconds`) since the last scrape.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS });
  return { registry, decisions: createDecisionMetrics(registry), events: createEventMetrics(registry) };
}
