import { createBoundsSource, createPlanner, createResults, type Planner, type Results } from "@lotty/analysis";
import { expectedTraffic, planHash } from "@lotty/control-plane";
import { isLottyError, type ExperimentFunnel, type ExperimentMoments, type MetricHistory } from "@lotty/domain";
import type { Runtime } from "../composition/runtime.ts";

/** What experiments have shown, and plans before them. */
export interface RuntimeResults {
  readonly results: Results;
  readonly planner: Planner;
}

/** What has to be there; what rests on the parts that are not is then not known. */
export interface ResultsSources extends Pick<Runtime, "clock" | "storage"> {
  readonly measures: {
    readonly moments: ExperimentMoments;
    readonly funnel?: ExperimentFunnel;
    readonly history?: MetricHistory;
  };
}

/** Puts results and plans together on what a runtime has. */
export function resultsOf({ clock, measures, storage }: ResultsSources): RuntimeResults {
  const { control } = storage;
  const results = createResults({
    store: control.store,
    plans: control.plans,
    history: storage.configurationHistory,
    metrics: control.metrics,
    moments: measures.moments,
    funnel: measures.funnel ?? null,
    clock,
    planHash,
    boundsOf: createBoundsSource(),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    exclusions: async (question) => {
      try {
        return await control.usage.exclusions(question);
      } catch (error) {
        // The log of a long experiment can be more than may be read for a page: then this is not known, and the rest is.
        if (isLottyError(error, "timeout")) return null;
        throw error;
      }
    },
  });
  const planner = createPlanner({
    metrics: control.metrics,
    history: measures.history ?? null,
    clock,
    traffic: (question) => expectedTraffic(control, question),
  });
  return { results, planner };
}
