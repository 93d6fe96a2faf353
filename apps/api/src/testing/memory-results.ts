import { createBoundsSource, createPlanner, createResults } from "@lotty/analysis";
import type { Clock } from "@lotty/domain";
import type { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import type { MemoryMeasures } from "@lotty/testkit/fakes/memory-measures";
import type { ApiResults } from "../routes/results/results-parts.ts";

/** What results are made of, in memory. */
export interface MemoryResultsParts {
  readonly store: MemoryControlPlaneStore;
  readonly measures: MemoryMeasures;
  readonly clock: Clock;
}

/** Results and plans as the API has them, on measures in memory; a hundred subjects come a day. */
export function memoryResults({ clock, measures, store }: MemoryResultsParts): ApiResults {
  const ports = { store, plans: store, metrics: store.metrics, clock };
  const results = createResults({
    ...ports,
    moments: measures,
    funnel: measures,
    planHash: () => "0".repeat(64),
    boundsOf: createBoundsSource(),
    breathe: () => Promise.resolve(),
    exclusions: null,
  });
  return { results, planner: createPlanner({ ...ports, history: null, traffic: () => Promise.resolve(100) }) };
}
