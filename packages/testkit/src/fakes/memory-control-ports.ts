import type { AnalysisPlans, GuardrailStore, MetricCatalogue, NotificationReads } from "@lotty/domain";
import { TEST_NOW } from "../generators/configuration.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryControlPlaneStore } from "./memory-control-plane-store.ts";
import { MemoryDecisionUsage, MemoryRecordedSubjects, MemorySharedSubjects } from "./recorded-usage.ts";
import { SequentialIds } from "./sequential-ids.ts";

/** All ports of the control plane in memory, to be looked into. */
export interface MemoryControlPorts {
  readonly store: MemoryControlPlaneStore;
  readonly environments: MemoryControlPlaneStore;
  readonly plans: AnalysisPlans;
  readonly metrics: MetricCatalogue;
  readonly guardrails: GuardrailStore;
  readonly notifications: NotificationReads;
  readonly clock: ManualClock;
  readonly ids: SequentialIds;
  readonly subjects: MemoryRecordedSubjects;
  readonly sharedSubjects: MemorySharedSubjects;
  readonly usage: MemoryDecisionUsage;
}

/** Makes ports with nothing in them. */
export function memoryControlPorts(): MemoryControlPorts {
  const store = new MemoryControlPlaneStore();
  return {
    store,
    environments: store,
    plans: store,
    metrics: store.metrics,
    guardrails: store.guardrails,
    notifications: store.notifications,
    clock: new ManualClock(TEST_NOW),
    ids: new SequentialIds(),
    subjects: new MemoryRecordedSubjects(),
    sharedSubjects: new MemorySharedSubjects(),
    usage: new MemoryDecisionUsage(),
  };
}
