import { randomUUID } from "node:crypto";
import { describeControlPlaneStore } from "../suites/control-plane-store.ts";
import { MemoryControlPlaneStore } from "./memory-control-plane-store.ts";

describeControlPlaneStore("in memory", () =>
  Promise.resolve({
    store: new MemoryControlPlaneStore(),
    otherEnvironmentId: randomUUID(),
    close: () => Promise.resolve(),
  }),
);
