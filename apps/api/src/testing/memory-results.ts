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
    history: {
      experimentWritings: async (environmentId, id) => {
        const { experiments } = await store.load(environmentId);
        return experiments
          .filter((each) => each.id === id)
          .map((experiment) => ({ experiment, at: experiment.updatedAt }));
      },
    },
    moments: measures,
    funnel: measures,
    planHash: () => "0".repeat(64),
    boundsOf: createBoundsSource(),
    breathe: () => Promise.resolve(),
    exclusions: null,
  });
  return { results, planner: createPlanner({ ...ports, history: null, traffic: () => Promise.resolve(100) }) };
}
