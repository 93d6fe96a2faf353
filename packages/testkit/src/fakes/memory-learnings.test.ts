import { randomUUID } from "node:crypto";
import { describeLearnings } from "../suites/learnings.ts";
import { MemoryControlPlaneStore } from "./memory-control-plane-store.ts";

describeLearnings("in memory", () => {
  const store = new MemoryControlPlaneStore();
  const { learnings } = store;
  return Promise.resolve({ store, learnings, otherEnvironmentId: randomUUID(), close: () => Promise.resolve() });
});
