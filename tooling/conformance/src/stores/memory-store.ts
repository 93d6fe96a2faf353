import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { changeBetween } from "./change-between.ts";
import type { ScenarioStore } from "./scenario-store.ts";

/** Scenarios on the in-memory adapters. */
export function createMemoryStore(): ScenarioStore {
  let store = new MemoryDecisionStore();
  return {
    forbiddenBySchema: new Set(),
    source: { load: (id) => store.load(id), revision: (id) => store.revision(id) },
    history: { load: (environmentId, subjectId) => store.history.load(environmentId, subjectId) },
    recorder: { record: (request) => store.record(request) },
    reset: async () => {
      store = new MemoryDecisionStore();
    },
    configure: async (configuration) => {
      const current = await store.load(configuration.environmentId);
      await store.apply(configuration.environmentId, changeBetween(current, configuration), current.revision);
    },
    addDecisions: (decisions) => store.write(decisions),
    findDecisions: async (ids) => store.decisions.filter((decision) => ids.includes(decision.decisionId)),
    close: async () => {},
  };
}
