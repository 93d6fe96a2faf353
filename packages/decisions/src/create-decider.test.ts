import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type Configuration,
  type DecisionQueue,
  type DecisionReason,
  type DecisionRecord,
  type Experiment,
  type RecordRequest,
  type SubjectHistory,
} from "@lotty/domain";
import { compileSnapshot } from "@lotty/engine";
import { KeepingDecisionCache } from "@lotty/testkit/fakes/keeping-decision-cache";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import {
  attributes as someAttributes,
  configurations,
  parseGeneratedRule,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createDecider, type DeciderOptions } from "./create-decider.ts";
import type { AnsweredDecision, Decider } from "./decider.ts";

const unavailable = new LottyError("decision_store_unavailable", "The store is down.");
const NOBODY_RULE = 'country == "DE"';

class MemoryQueue implements DecisionQueue {
  readonly decisions: DecisionRecord[] = [];
  failure: Error | undefined;

  async enqueue(decisions: readonly DecisionRecord[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.decisions.push(...decisions);
  }
}

class Fixture {
  readonly store = new MemoryDecisionStore();
  readonly cache = new KeepingDecisionCache();
  readonly queue = new MemoryQueue();
  readonly clock = new ManualClock(TEST_NOW);
  readonly metrics = new RecordingMetrics();
  readonly logger = new RecordingLogger();
  historyReads = 0;
  recordCalls: RecordRequest[] = [];

  decider(configuration: Configuration, options: Partial<DeciderOptions> = {}): Decider {
    const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
    return createDecider({
      snapshots: { current: () => snapshot, refresh: async () => snapshot },
      history: {
        load: (environmentId, subjectId) => {
          this.historyReads += 1;
          return this.store.history.load(environmentId, subjectId);
        },
      },
      historyCache: null,
      historyCacheTtlSeconds: 0,
      cache: this.cache,
      cacheTtlSeconds: 60,
      recorder: {
        record: (request) => {
          this.recordCalls.push(request);
          return this.store.record(request);
        },
      },
      queue: this.queue,
      writeMode: "sync",
      clock: this.clock,
      ids: new SequentialIds(),
      metrics: this.metrics,
      logger: this.logger,
      ...options,
    });
  }
}

const subject = { id: "user-1", attributes: {} };
let fixture: Fixture;

beforeEach(() => {
  fixture = new Fixture();
});

describe("a decision", () => {
  test("is recorded before it is kept in the cache, so a failed write leaves nothing to believe", async () => {
    fixture.store.failWritesWith(unavailable);
    const decider = fixture.decider(flags(1));
    await expect(decider.decideForFlag("flag-0", { subject })).rejects.toMatchObject({ code: unavailable.code });
    expect(fixture.cache.entries.size).toBe(0);
    expect(fixture.metrics.decisions).toEqual(["experiment_assigned"]);
    fixture.store.failWritesWith(undefined);
    const answer = await decider.decideForFlag("flag-0", { subject });
    expect(answer).toMatchObject({ source: "computed", durability: "committed" });
    expect(fixture.cache.entries.size).toBe(1);
  });

  test("is taken from the cache the second time, with a new id, counted and recorded again, without a look-up", async () => {
    const decider = fixture.decider(flags(1));
    const first = await decider.decideForFlag("flag-0", { subject });
    fixture.clock.advance(1_000_000);
    const second = await decider.decideForFlag("flag-0", { subject });
    expect(second).toMatchObject({ source: "cache", value: first.value, variantId: first.variantId });
    expect(second.decisionId).not.toBe(first.decisionId);
    expect(fixture.historyReads).toBe(1);
    expect(fixture.metrics.decisions).toHaveLength(2);
    expect(fixture.store.decisions.map((decision) => decision.decisionId)).toEqual([
      first.decisionId,
      second.decisionId,
    ]);
  });

  test("is computed when the cache is away or holds something else", async () => {
    const decider = fixture.decider(flags(1));
    fixture.cache.failWith(new LottyError("cache_unavailable", "No cache."));
    expect(await decider.decideForFlag("flag-0", { subject })).toMatchObject({ source: "computed" });
    fixture.cache.failWith(undefined);
    await decider.decideForFlag("flag-0", { subject });
    for (const key of fixture.cache.entries.keys()) {
      fixture.cache.entries.set(key, { reason: "experiment_assigned", experimentId: "other", variantId: "planted" });
    }
    expect(await decider.decideForFlag("flag-0", { subject })).toMatchObject({ source: "computed", value: "on-0" });
  });

  test("is decided again when the cache remembers an assignment that the store has lost", async () => {
    const decider = fixture.decider(flags(1));
    await decider.decideForFlag("flag-0", { subject });
    const kept = new Map(fixture.cache.entries);
    fixture = new Fixture();
    for (const [key, entry] of kept) fixture.cache.entries.set(key, entry);
    const answer = await fixture.decider(flags(1)).decideForFlag("flag-0", { subject });
    expect(answer).toMatchObject({ source: "computed", reason: "experiment_assigned" });
    expect(fixture.metrics.historyConflicts).toBe(1);
  });

  test("of an unknown flag is an answer, not an error", async () => {
    const answer = await fixture.decider(flags(1)).decideForFlag("nope", { subject });
    expect(answer).toMatchObject({ reason: "flag_not_found", value: null, experimentId: null });
    expect(fixture.store.decisions[0]).toMatchObject({ value: "", flagVersion: null });
  });

  test("that is only peeked at leaves no trace", async () => {
    const decider = fixture.decider(flags(1));
    const answer = await decider.decideForFlag("flag-0", { subject, peek: true });
    expect(answer).toMatchObject({ reason: "experiment_assigned", durability: "none" });
    expect(fixture.store.decisions).toEqual([]);
    expect(fixture.cache.entries.size).toBe(0);
    expect(fixture.metrics.decisions).toEqual([]);
  });

  test("that is only peeked at is answered at once if all that it takes is in memory, as it would be later", async () => {
    const cases = configurations.chain((configuration) =>
      fc.record({
        configuration: fc.constant(configuration),
        attributes: someAttributes,
        subjectId: fc.constantFrom("a", "b"),
        before: fc.subarray(configuration.flags.map(({ key }) => key)),
        known: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ attributes, before, configuration, known, subjectId }) => {
        fixture = new Fixture();
        const kept = new Map<string, SubjectHistory>();
        const historyCache = {
          get: async (_: string, id: string) => kept.get(id),
          getNow: (_: string, id: string) => kept.get(id),
          put: async () => undefined,
          merge: async () => undefined,
          remove: async () => undefined,
        };
        const decider = fixture.decider(configuration, { cache: null, historyCache, historyCacheTtlSeconds: 60 });
        const who = { id: subjectId, attributes };
        await decider.decideForFlags(before, { subject: who });
        const history = await fixture.store.history.load(DEFAULT_ENVIRONMENT_ID, subjectId);
        if (known) kept.set(subjectId, history);
        const keys = [...configuration.flags.map(({ key }) => key), "unknown"];
        const now = decider.peekNow(keys, { subject: who, peek: true });
        const later = await decider.decideForFlags(keys, { subject: who, peek: true });
        expect(now === undefined || known || later.every(({ reason }) => isSettledByScreening(reason))).toBe(true);
        if (known) expect(now).toBeDefined();
        if (now !== undefined) expect(now.map(withoutId)).toStrictEqual(later.map(withoutId));
      }),
    );
  });

  test("with a faulty rule is counted each time and logged once per revision", async () => {
    const decider = fixture.decider(flags(1, { targetingRules: "country ==" }));
    await decider.decideForFlag("flag-0", { subject });
    await decider.decideForFlag("flag-0", { subject });
    expect(fixture.metrics.ruleFaults).toEqual(["parse", "parse"]);
    expect(fixture.logger.events).toEqual(["targeting_rules_evaluation_error"]);
  });
});

describe("the write mode", () => {
  const mixed = {
    ...flags(2),
    experiments: flags(2, { targetingRules: NOBODY_RULE }).experiments.with(0, experiment(0)),
  };
  const both = ["flag-0", "flag-1"];

  test("sync writes everything in one call", async () => {
    const answers = await fixture.decider(mixed).decideForFlags(both, { subject });
    expect(answers.map((answer) => answer.durability)).toEqual(["committed", "committed"]);
    expect(fixture.recordCalls).toHaveLength(1);
  });

  test("async queues what is not an assignment", async () => {
    const answers = await fixture.decider(mixed, { writeMode: "async" }).decideForFlags(both, { subject });
    expect(answers.map((answer) => answer.durability)).toEqual(["committed", "queued"]);
    expect(fixture.queue.decisions.map((decision) => decision.decisionId)).toEqual([answers[1]?.decisionId]);
    expect(fixture.store.decisions).toHaveLength(1);
  });

  test("async writes synchronously when the queue refuses, and says so in the log", async () => {
    fixture.queue.failure = new LottyError("decision_stream_unavailable", "Full.");
    const answers = await fixture.decider(mixed, { writeMode: "async" }).decideForFlags(both, { subject });
    expect(answers.map((answer) => answer.durability)).toEqual(["committed", "committed"]);
    expect(fixture.logger.events).toEqual(["decision_async_persist_failed"]);
    expect(fixture.metrics.recordings).toEqual(["sync", "sync_fallback"]);
    expect(fixture.store.decisions).toHaveLength(2);
  });

  test("disabled records assignments and nothing else", async () => {
    const answers = await fixture.decider(mixed, { writeMode: "disabled" }).decideForFlags(both, { subject });
    expect(answers.map((answer) => answer.durability)).toEqual(["committed", "none"]);
    expect(fixture.store.decisions.map((decision) => decision.reason)).toEqual(["experiment_assigned"]);
    expect(fixture.queue.decisions).toEqual([]);
  });
});

describe("several flags in one call", () => {
  test("take one look-up of the history and one write", async () => {
    await fixture.decider(flags(3)).decideForFlags(["flag-0", "flag-1", "flag-2"], { subject });
    expect(fixture.historyReads).toBe(1);
    expect(fixture.recordCalls).toHaveLength(1);
  });

  test("come out as if asked for one after the other", async () => {
    const cases = configurations.chain((configuration) =>
      fc.record({
        configuration: fc.constant(configuration),
        keys: fc.shuffledSubarray(configuration.flags.map((flag) => flag.key)),
        attributes: someAttributes,
        subjectId: fc.string({ maxLength: 5 }),
        rounds: fc.constantFrom(1, 2),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ attributes, configuration, keys, rounds, subjectId }) => {
        const together = new Fixture();
        const apart = new Fixture();
        const request = { subject: { id: subjectId, attributes } };
        const [batch, single] = [together.decider(configuration), apart.decider(configuration)];
        for (let round = 0; round < rounds; round += 1) {
          const inOne = await batch.decideForFlags(keys, request);
          const oneByOne = [];
          for (const key of keys) oneByOne.push(await single.decideForFlag(key, request));
          expect(inOne.map(withoutId)).toEqual(oneByOne.map(withoutId));
        }
        const histories = await Promise.all(
          [together, apart].map(({ store }) => store.history.load(DEFAULT_ENVIRONMENT_ID, subjectId)),
        );
        expect(byExperiment(histories[0])).toEqual(byExperiment(histories[1]));
      }),
      { numRuns: 150 },
    );
  });
});

describe("a history", () => {
  test("that changed meanwhile makes the decision be taken again on the new one", async () => {
    const configuration = flags(4);
    const others = [0, 1, 2].map((index) => record(index));
    const decider = fixture.decider(configuration, {
      // Parallel calls fill the subject's places between the look-up and the write.
      history: {
        load: async () => {
          await fixture.store.write(others);
          return [];
        },
      },
    });
    const answer = await decider.decideForFlag("flag-3", { subject });
    expect(answer.reason).toBe("participation_limit");
    expect(fixture.metrics.historyConflicts).toBe(1);
    expect(fixture.metrics.decisions).toEqual(["participation_limit"]);
  });

  test("that names an unknown experiment asks for a newer configuration, once", async () => {
    const old = compileSnapshot(flags(1), { parseRule: parseGeneratedRule });
    const current = compileSnapshot({ ...flags(4), revision: 2 }, { parseRule: parseGeneratedRule });
    await fixture.store.write([1, 2, 3].map((index) => record(index)));
    let refreshes = 0;
    const snapshots = {
      current: () => old,
      refresh: async () => {
        refreshes += 1;
        return current;
      },
    };
    const answer = await fixture.decider(flags(1), { snapshots }).decideForFlag("flag-0", { subject });
    expect(answer.reason).toBe("participation_limit");
    const stuck = fixture.decider(flags(1), { snapshots: { ...snapshots, refresh: async () => (refreshes++, old) } });
    await stuck.decideForFlag("flag-0", { subject });
    await stuck.decideForFlag("flag-0", { subject });
    expect(refreshes).toBe(2);
  });

  test("is read through its cache and kept current by what is recorded", async () => {
    const kept = new Map<string, SubjectHistory>();
    const decider = fixture.decider(flags(2), {
      cache: null,
      historyCacheTtlSeconds: 30,
      historyCache: {
        get: async (_, id) => kept.get(id),
        put: async (_, id, { history }) => void kept.set(id, history),
        merge: async (_, id, news) => void kept.set(id, [...(kept.get(id) ?? []), ...news]),
        remove: async (_, id) => void kept.delete(id),
      },
    });
    await decider.decideForFlag("flag-0", { subject });
    await decider.decideForFlag("flag-1", { subject });
    expect(fixture.historyReads).toBe(1);
    expect(kept.get(subject.id)?.map((assignment) => assignment.experimentId)).toEqual(["e-0", "e-1"]);
    expect(fixture.metrics.historyConflicts).toBe(0);
  });

  test("that no cache has is looked up once for all calls that want it at the same time", async () => {
    const decider = fixture.decider(flags(1), {
      cache: null,
      historyCacheTtlSeconds: 30,
      historyCache: {
        get: async () => undefined,
        put: async () => undefined,
        merge: async () => undefined,
        remove: async () => undefined,
      },
    });
    const crowd = Array.from({ length: 100 }, () => decider.decideForFlag("flag-0", { subject, peek: true }));
    const answers = await Promise.all(crowd);
    expect(new Set(answers.map(({ value }) => value)).size).toBe(1);
    expect(fixture.historyReads).toBe(1);
    await decider.decideForFlag("flag-0", { subject, peek: true });
    expect(fixture.historyReads).toBe(2);
  });
});

test("explaining records nothing and agrees with deciding", async () => {
  const decider = fixture.decider(flags(1));
  const explanation = await decider.explainForFlag("flag-0", { subject });
  expect(fixture.store.decisions).toEqual([]);
  const answer = await decider.decideForFlag("flag-0", { subject });
  expect(explanation).toMatchObject({ reason: answer.reason, value: answer.value, variantId: answer.variantId });
});

function withoutId(answer: AnsweredDecision): object {
  return { ...answer, decisionId: undefined };
}

function byExperiment(history: SubjectHistory | undefined): SubjectHistory {
  return (history ?? []).toSorted((a, b) => a.experimentId.localeCompare(b.experimentId));
}

function record(index: number): DecisionRecord {
  return {
    decisionId: `past-${index}`,
    environmentId: DEFAULT_ENVIRONMENT_ID,
    flagKey: `flag-${index}`,
    subjectId: subject.id,
    experimentId: `e-${index}`,
    variantId: `v-${index}`,
    value: "",
    reason: "experiment_assigned",
    ruleId: null,
    flagVersion: 1,
    experimentVersion: 1,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: TEST_NOW,
  };
}

function experiment(index: number, change: Partial<Experiment> = {}): Experiment {
  return {
    id: `e-${index}`,
    key: `experiment-${index}`,
    flagId: `f-${index}`,
    status: "running",
    version: 1,
    updatedAt: TEST_NOW,
    targetingRules: null,
    trafficAllocation: 10_000,
    variants: [{ id: `v-${index}`, name: "on", value: `on-${index}`, weight: 100, isControl: false }],
    hashVersion: 1,
    stickyAssignment: false,
    ...change,
  };
}

function flags(count: number, change: Partial<Experiment> = {}): Configuration {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    revision: 1,
    flags: indexes.map((index) => ({
      id: `f-${index}`,
      key: `flag-${index}`,
      valueType: "string",
      defaultValue: "off",
      enabled: true,
      rules: [],
      version: 1,
      updatedAt: TEST_NOW,
    })),
    experiments: indexes.map((index) => experiment(index, change)),
    domains: [],
    segments: [],
  };
}

/** Whether a decision of this reason was settled before any history was needed. */
function isSettledByScreening(reason: DecisionReason): boolean {
  return reason === "flag_not_found" || reason === "no_active_experiment" || reason === "targeting_mismatch";
}
