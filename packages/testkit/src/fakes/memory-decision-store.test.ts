import { randomUUID } from "node:crypto";
import { describeConfigurationStore } from "../suites/configuration-store.ts";
import { describeDecisionRecorder } from "../suites/decision-recorder.ts";
import { describeDecisionSink } from "../suites/decision-sink.ts";
import type { OpenedDecisionStore } from "../suites/decision-store-fixture.ts";
import { describeSubjectHistory } from "../suites/subject-history.ts";
import { MemoryDecisionStore } from "./memory-decision-store.ts";

function open(): Promise<OpenedDecisionStore> {
  const store = new MemoryDecisionStore();
  return Promise.resolve({
    configuration: store,
    history: store.history,
    recorder: store,
    sink: store,
    otherEnvironmentId: randomUUID(),
    storedDecisions: (ids) => {
      const wanted = new Set(ids);
      return Promise.resolve(store.decisions.filter(({ decisionId }) => wanted.has(decisionId)));
    },
    close: () => Promise.resolve(),
  });
}

describeConfigurationStore("in memory", open);
describeSubjectHistory("in memory", open);
describeDecisionRecorder("in memory", open);
describeDecisionSink("in memory", open);
