import { randomUUID } from "node:crypto";
import { describeAnalysisPlans } from "../suites/analysis-plans.ts";
import { describeControlPlaneStore, type OpenedControlPlaneStore } from "../suites/control-plane-store.ts";
import { describeEnvironments } from "../suites/environments.ts";
import { describeEventTypes } from "../suites/event-types.ts";
import { describeGuardrailStore } from "../suites/guardrail-store.ts";
import { describeMetricCatalogue } from "../suites/metric-catalogue.ts";
import { MemoryControlPlaneStore } from "./memory-control-plane-store.ts";
import { MemoryDecisionStore } from "./memory-decision-store.ts";
import { memoryRecords } from "./memory-records.ts";

describeEnvironments("in memory", () => {
  const configuration = new MemoryDecisionStore();
  const store = new MemoryControlPlaneStore(configuration);
  return Promise.resolve({
    environments: store,
    store,
    configuration,
    ...memoryRecords(configuration),
    sink: configuration,
    close: () => Promise.resolve(),
  });
});

const open = (): Promise<OpenedControlPlaneStore> =>
  Promise.resolve({
    store: new MemoryControlPlaneStore(),
    otherEnvironmentId: randomUUID(),
    close: () => Promise.resolve(),
  });

describeControlPlaneStore("in memory", open);
describeEventTypes("in memory", open);

describeMetricCatalogue("in memory", () => {
  const store = new MemoryControlPlaneStore();
  const parts = { store, catalogue: store.metrics, otherEnvironmentId: randomUUID() };
  return Promise.resolve({ ...parts, close: () => Promise.resolve() });
});

describeAnalysisPlans("in memory", () => {
  const store = new MemoryControlPlaneStore();
  return Promise.resolve({ store, plans: store, otherEnvironmentId: randomUUID(), close: () => Promise.resolve() });
});

describeGuardrailStore("in memory", () => {
  const store = new MemoryControlPlaneStore();
  const parts = { store, guardrails: store.guardrails, sink: null, otherEnvironmentId: randomUUID() };
  return Promise.resolve({ ...parts, close: () => Promise.resolve() });
});
