import { createBoundsSource, createPlanner, createResults, type Planner, type Results } from "@lotty/analysis";
import { expectedTraffic, planHash } from "@lotty/control-plane";
import type { Runtime } from "../composition/runtime.ts";

/** What experiments have shown, and plans before them. */
export interface RuntimeResults {
  readonly results: Results;
  readonly planner: Planner;
}

/** Puts results and plans together on what a runtime has. */
export function resultsOf({
  clock,
  measures,
  storage,
}: Pick<Runtime, "clock" | "measures" | "storage">): RuntimeResults {
  const { control } = storage;
  const results = createResults({
    store: control.store,
    plans: control.plans,
    metrics: control.metrics,
    moments: measures.moments,
    funnel: null,
    clock,
    planHash,
    boundsOf: createBoundsSource(),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    exclusions: null,
  });
  const planner = createPlanner({
    metrics: control.metrics,
    history: null,
    clock,
    traffic: (question) => expectedTraffic(control, question),
  });
  return { results, planner };
}
