import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  systemActor,
  type Configuration,
  type SubjectHistoryCache,
} from "@lotty/domain";
import { compileSnapshot } from "@lotty/engine";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionSpool } from "@lotty/testkit/fakes/memory-decision-spool";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { memoryRecords } from "@lotty/testkit/fakes/memory-records";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import { assigningDecision, sampleDecision } from "@lotty/testkit/suites/decision-store-fixture";
import { beforeEach, describe, expect, it } from "vitest";
import { SharedLoads } from "../shared-loads.ts";
import { createSpooling } from "../spooling/create-spooling.ts";
import { createDecisionRecords } from "./create-decision-records.ts";
import type { DecisionRecords } from "./decision-records.ts";
import type { SubjectMemory } from "./forget-subject.ts";

const subject = { environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "somebody" };
const EXPERIMENT = "eeeeeeee-0000-4000-8000-000000000001";

let store: MemoryDecisionStore;
let calls: string[];
let cacheFailure: LottyError | undefined;

const historyCache: SubjectHistoryCache = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
  merge: () => Promise.resolve(),
  remove: (environmentId, subjectId) => {
    calls.push(`forget ${environmentId} ${subjectId}`);
    return cacheFailure === undefined ? Promise.resolve() : Promise.reject(cacheFailure);
  },
};

const me = systemActor("a test");

function recordsWith(memory: Partial<SubjectMemory> = {}): DecisionRecords {
  const ports = memoryRecords(store);
  const empty: Configuration = { ...subject, revision: 1, flags: [], experiments: [], domains: [], segments: [] };
  const snapshot = compileSnapshot(empty, { parseRule: parseGeneratedRule });
  return createDecisionRecords({
    ...ports,
    eraser: {
      ...ports.eraser,
      erase: (request, onRecord) => {
        calls.push("erase");
        return ports.eraser.erase(request, onRecord);
      },
    },
    history: store.history,
    snapshots: { current: () => snapshot, refresh: () => Promise.resolve(snapshot) },
    parseRule: parseGeneratedRule,
    cacheTtlSeconds: 0,
    clock: new ManualClock(TEST_NOW),
    audit: plainAuditLinker,
    memory: { historyCache, historyLoads: new SharedLoads(), outageHistory: null, ...memory },
  });
}

beforeEach(async () => {
  store = new MemoryDecisionStore();
  calls = [];
  cacheFailure = undefined;
  await store.write([
    assigningDecision(subject, EXPERIMENT, { decidedAt: TEST_NOW - 1_000 }),
    sampleDecision({ ...subject, subjectId: "somebody else" }, { decidedAt: TEST_NOW - 1_000 }),
  ]);
});

describe("erasing a subject", () => {
  it("removes it from the store first, and then from what is remembered, so that nothing old is remembered anew", async () => {
    const erasure = await recordsWith().erase(subject, me);
    expect(erasure).toMatchObject({ by: "lotty", at: TEST_NOW, decisions: 1, assignments: 1 });
    expect(calls).toStrictEqual(["erase", `forget ${DEFAULT_ENVIRONMENT_ID} somebody`]);
  });

  it("tells when the cache could not be reached, and is done when it is repeated", async () => {
    cacheFailure = new LottyError("cache_unavailable", "The cache is away.");
    await expect(recordsWith().erase(subject, me)).rejects.toMatchObject({
      code: "cache_unavailable",
      retryable: true,
    });
    cacheFailure = undefined;
    expect(await recordsWith().erase(subject, me)).toMatchObject({ decisions: 0, assignments: 0 });
  });

  it("lets nobody join a look-up that began before", async () => {
    const historyLoads: SubjectMemory["historyLoads"] = new SharedLoads();
    const key = `${subject.environmentId} ${subject.subjectId}`;
    const before = historyLoads.share(key, () => Promise.resolve({ history: [], degraded: false }));
    await recordsWith({ historyLoads }).erase(subject, me);
    const after = historyLoads.share(key, () => Promise.resolve({ history: [], degraded: true }));
    expect([await before, await after].map(({ degraded }) => degraded)).toStrictEqual([false, true]);
  });

  it("is refused while decisions wait on the disk of the process, and forgets what is known for outages", async () => {
    const spool = new MemoryDecisionSpool();
    const logger = new RecordingLogger();
    const timer = { every: () => () => undefined };
    const spooling = createSpooling({
      spool,
      recorder: store,
      history: store.history,
      sink: store,
      probe: () => Promise.resolve(),
      patienceMillis: 1_000,
      clock: new ManualClock(TEST_NOW),
      timer,
      logger,
    });
    const { histories } = spooling;
    expect((await histories.load(subject)).history).toHaveLength(1);
    await recordsWith({ outageHistory: histories }).erase(subject, me);
    store.failWritesWith(new LottyError("decision_store_unavailable", "The store is away."));
    const next = assigningDecision({ ...subject, subjectId: "another" }, EXPERIMENT);
    expect(await spooling.recorder.record({ ...next, decisions: [next], basedOn: [] })).toStrictEqual({
      status: "spooled",
    });
    expect((await histories.load(subject)).history).toStrictEqual([]);
    await expect(recordsWith({ outageHistory: histories }).erase(subject, me)).rejects.toMatchObject({
      code: "decision_store_unavailable",
    });
    await spooling.stop();
  });
});

describe("a subject's page", () => {
  it("has the last decisions of its own, and the assignments of experiments that nobody knows any more", async () => {
    const page = await recordsWith().subject(subject, { days: 1, decisions: 5 });
    expect(page).toMatchObject({ lastDecisions: [{ subjectId: "somebody" }], erasures: [] });
    expect(page.standing.assignments).toMatchObject([{ experimentId: EXPERIMENT, experiment: null }]);
  });
});
