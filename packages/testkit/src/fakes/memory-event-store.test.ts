import { randomUUID } from "node:crypto";
import { describeEventRecorder } from "../suites/event-recorder.ts";
import { MemoryDecisionStore } from "./memory-decision-store.ts";
import { MemoryEventStore } from "./memory-event-store.ts";

describeEventRecorder("in memory", () => {
  const decisions = new MemoryDecisionStore();
  const events = new MemoryEventStore(decisions);
  return Promise.resolve({
    configuration: decisions,
    sink: decisions,
    events: { recorder: events, sink: events, log: events },
    stored: events,
    otherEnvironmentId: randomUUID(),
    close: () => Promise.resolve(),
  });
});
