import { createBoundsSource, createPlanner, createResults } from "@lotty/analysis";
import { expectedTraffic, planHash } from "@lotty/control-plane";
import type { Runtime } from "@lotty/runtime";
import type { ApiResults } from "./routes/results/results-parts.ts";

/** Results and plans on what a runtime has. */
export function resultsOf({ clock, measures, storage }: Pick<Runtime, "clock" | "measures" | "storage">): ApiResults {
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
