import { isDeepStrictEqual } from "node:util";
import type { DecisionRecord } from "@lotty/domain";
import type { Storage } from "@lotty/persistence";
import { emptyStorage, storedDecisions } from "@lotty/persistence/testing";
import { changeBetween } from "./change-between.ts";
import type { ScenarioStore } from "./scenario-store.ts";

/** Scenarios on a database: every step is written to it and read back from it. */
export function createSqlStore(storage: Storage, release: () => Promise<void>): ScenarioStore {
  const { configuration, history, recorder, sink } = storage;
  return {
    forbiddenBySchema: new Set(["dangling_experiment_id", "duplicate_variant_names"]),
    source: configuration,
    history,
    recorder,
    reset: () => emptyStorage(storage),
    configure: async (wanted) => {
      const current = await configuration.load(wanted.environmentId);
      const change = changeBetween(current, wanted);
      if (Object.values(change).some((records) => !isDeepStrictEqual(records, []))) {
        await configuration.apply(wanted.environmentId, change, current.revision);
      }
    },
    // An assignment without an experiment has no row here; in the reference it has one that counts nowhere.
    addDecisions: (decisions) => sink.write(decisions.filter((decision) => !isAssignmentToNothing(decision))),
    findDecisions: (ids) => storedDecisions(storage, ids),
    close: async () => {
      await storage.close();
      await release();
    },
  };
}

function isAssignmentToNothing({ experimentId, reason }: DecisionRecord): boolean {
  return reason === "experiment_assigned" && experimentId === null;
}
