import { randomUUID } from "node:crypto";
import { describeConfigurationHistory } from "../suites/configuration-history.ts";
import { describeConfigurationStore } from "../suites/configuration-store.ts";
import { describeDecisionLog } from "../suites/decision-log.ts";
import { describeDecisionRecorder } from "../suites/decision-recorder.ts";
import { describeDecisionSink } from "../suites/decision-sink.ts";
import type { OpenedDecisionStore } from "../suites/decision-store-fixture.ts";
import { describeRecordedAttributes } from "../suites/recorded-attributes.ts";
import { describeSubjectEraser } from "../suites/subject-eraser.ts";
import { describeSubjectHistory } from "../suites/subject-history.ts";
import { describeSubjectPast } from "../suites/subject-past.ts";
import { MemoryDecisionStore } from "./memory-decision-store.ts";
import { memoryRecords } from "./memory-records.ts";

function open(): Promise<OpenedDecisionStore> {
  const store = new MemoryDecisionStore();
  const { entries, ...records } = memoryRecords(store);
  return Promise.resolve({
    configuration: store,
    history: store.history,
    recorder: store,
    sink: store,
    ...records,
    entries: () => Promise.resolve([...entries]),
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
describeDecisionLog("in memory", open);
describeSubjectPast("in memory", open);
describeConfigurationHistory("in memory", open);
describeSubjectEraser("in memory", open);
describeRecordedAttributes("in memory", open);
