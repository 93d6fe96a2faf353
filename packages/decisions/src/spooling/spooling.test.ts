import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type Configuration,
  type DecisionRecord,
  type RecordRequest,
} from "@lotty/domain";
import { compileSnapshot } from "@lotty/engine";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { MemoryDecisionSpool } from "@lotty/testkit/fakes/memory-decision-spool";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDecider } from "../create-decider.ts";
import type { AnsweredDecision, Decider } from "../decider.ts";
import { UnsteadyDecisionStore, type StoreMood } from "@lotty/testkit/fakes/unsteady-decision-store";
import { createSpooling, type Spooling } from "./create-spooling.ts";

const FLAGS = 6;
const ids = new SequentialIds();

/** Lets everything happen that waits for nothing but its turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A process: what it knows is gone when it ends, its spool is not. */
class Process {
  readonly spool: MemoryDecisionSpool;
  readonly spooling: Spooling;
  readonly decider: Decider;
  readonly timer = new ManualTimer();
  readonly logger = new RecordingLogger();
  readonly metrics = new RecordingMetrics();
  readonly clock = new ManualClock(TEST_NOW);

  constructor(world: UnsteadyDecisionStore, spool: MemoryDecisionSpool = new MemoryDecisionSpool({ batchRows: 3 })) {
    this.spool = spool;
    const { clock, logger, timer } = this;
    const { recorder, history, sink, probe } = world;
    const ports = { spool, recorder, history, sink, probe };
    this.spooling = createSpooling({ ...ports, patienceMillis: 100, clock, timer, logger });
    const snapshot = compileSnapshot(CONFIGURATION, { parseRule: parseGeneratedRule });
    this.decider = createDecider({
      snapshots: { current: () => snapshot, refresh: () => Promise.resolve(snapshot) },
      recorder: this.spooling.recorder,
      history: world.history,
      outageHistory: this.spooling.histories,
      historyCache: null,
      historyCacheTtlSeconds: 0,
      cache: null,
      cacheTtlSeconds: 0,
      queue: null,
      writeMode: "sync",
      metrics: this.metrics,
      clock,
      ids,
      logger,
    });
    this.spooling.start();
  }

  decide(flag: number, subjectId = "someone"): Promise<AnsweredDecision> {
    return this.decider.decideForFlag(`flag-${flag}`, { subject: { id: subjectId, attributes: {} } });
  }

  async decideAll(subjectId?: string): Promise<readonly AnsweredDecision[]> {
    const answers: AnsweredDecision[] = [];
    for (let flag = 0; flag < FLAGS; flag += 1) answers.push(await this.decide(flag, subjectId));
    return answers;
  }

  /** Lets time pass: a probe, and a part of the patience. */
  async tick(times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      this.timer.fire();
      await settle();
    }
  }

  async recover(): Promise<void> {
    for (let round = 0; this.spooling.state !== "closed"; round += 1) {
      if (round === 1_000) throw new Error("the store is not used again");
      await this.tick();
    }
    if (this.spool.waiting.length > 0) throw new Error("something was left in the spool");
  }
}

function idsOf(answers: readonly AnsweredDecision[]): readonly string[] {
  return answers.map(({ decisionId }) => decisionId);
}

function storedIds({ store }: UnsteadyDecisionStore): readonly string[] {
  return store.decisions.map(({ decisionId }) => decisionId);
}

function reasonsOf(answers: readonly AnsweredDecision[]): readonly string[] {
  return answers.map(({ reason }) => reason);
}

const THREE_THEN_FULL = [
  ...Array.from({ length: 3 }, () => "experiment_assigned"),
  ...Array.from({ length: 3 }, () => "participation_limit"),
];

describe("while the store is away", () => {
  it("decisions are spooled, say so, are counted, and arrive in order when it is back", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    expect(await process.decide(0)).not.toHaveProperty("degraded");
    world.mood = "down";
    const answers = await process.decideAll();
    for (const answer of answers) expect(answer).toMatchObject({ durability: "spooled", degraded: true });
    expect(reasonsOf(answers)).toEqual(THREE_THEN_FULL);
    expect(process.metrics.recordings).toEqual(["sync", ...answers.map(() => "spool")]);
    await process.tick(3);
    expect(storedIds(world)).toHaveLength(1);
    world.mood = "up";
    await process.recover();
    expect(storedIds(world).slice(1)).toEqual(idsOf(answers));
    expect(process.spooling.drained).toBe(FLAGS);
    const after = await process.decide(1);
    expect(after).toMatchObject({ durability: "committed", reason: "experiment_assigned" });
    expect(after).not.toHaveProperty("degraded");
    const told = ["decision_store_away", "spool_draining", "spool_drained"];
    expect(process.logger.events.filter((event) => told.includes(event))).toEqual(told);
  });

  it("nobody asks it but the one who looks whether it is back", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    world.mood = "down";
    await process.decideAll("one");
    await process.decideAll("other");
    expect(world.recordCalls).toBe(0);
    expect(process.spooling.state).toBe("open");
  });

  it.each(["hanging", "stuck"] as const)(
    "a %s store is waited for once, and what it does later changes nothing",
    async (mood) => {
      const world = new UnsteadyDecisionStore();
      const process = new Process(world);
      await process.decide(0);
      world.mood = mood;
      const first = process.decide(1);
      const parallel = process.decide(2);
      await process.tick(6);
      const answers = await Promise.all([first, parallel, process.decide(3)]);
      expect(reasonsOf(answers)).toEqual(["experiment_assigned", "experiment_assigned", "participation_limit"]);
      world.mood = "up";
      await process.recover();
      expect(new Set(storedIds(world)).size).toBe(4);
      expect(await world.store.history.load(DEFAULT_ENVIRONMENT_ID, "someone")).toHaveLength(3);
    },
  );

  it("decisions on what was last known of a subject, and on nothing where nothing was", async () => {
    const world = new UnsteadyDecisionStore();
    const other = new Process(world);
    const process = new Process(world);
    await other.decideAll("known");
    await other.decideAll("unknown");
    await process.decide(5, "known");
    world.mood = "down";
    expect(await process.decide(4, "known")).toMatchObject({ reason: "participation_limit", degraded: true });
    expect(await process.decide(4, "unknown")).toMatchObject({ reason: "experiment_assigned", degraded: true });
  });

  it("decisions on what an earlier process has left in the spool, peeks as well", async () => {
    const world = new UnsteadyDecisionStore();
    const gone = new Process(world);
    world.mood = "down";
    await gone.decideAll();
    const process = new Process(world, new MemoryDecisionSpool({ waiting: gone.spool.waiting }));
    const peek = { subject: { id: "someone", attributes: {} }, peek: true };
    const answers = await process.decider.decideForFlags(["flag-5", "flag-0"], peek);
    expect(reasonsOf(answers)).toEqual(["participation_limit", "experiment_assigned"]);
    expect(reasonsOf(await process.decideAll())).toEqual(THREE_THEN_FULL);
  });

  it("parallel first assignments of one subject are told apart by the spool as they are by the store", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    world.mood = "down";
    const answers = await Promise.all(Array.from({ length: 4 * FLAGS }, (_, index) => process.decide(index % FLAGS)));
    const assigned = answers.filter(({ reason }) => reason === "experiment_assigned");
    expect(new Set(assigned.map(({ experimentId }) => experimentId)).size).toBe(3);
    world.mood = "up";
    await process.recover();
    expect(await world.store.history.load(DEFAULT_ENVIRONMENT_ID, "someone")).toHaveLength(3);
  });

  it("a peek is answered and says what it rests on, and an explanation is refused", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    world.mood = "down";
    const peek = { subject: { id: "someone", attributes: {} }, peek: true };
    expect(await process.decider.decideForFlag("flag-0", peek)).toMatchObject({ durability: "none", degraded: true });
    expect(await process.decider.decideForFlag("nope", peek)).not.toHaveProperty("degraded");
    await expect(process.decider.explainForFlag("flag-0", peek)).rejects.toMatchObject({
      code: "database_unavailable",
    });
    world.mood = "up";
    await process.recover();
    expect(await process.decider.explainForFlag("flag-0", peek)).toMatchObject({ reason: "experiment_assigned" });
  });

  it("a full spool refuses, and a text that no store takes is not acknowledged", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world, new MemoryDecisionSpool({ maxRows: 1 }));
    world.mood = "down";
    await expect(process.decide(0, "a\0b")).rejects.toMatchObject({ code: "decision_rejected" });
    await process.decide(0, "one");
    await expect(process.decide(0, "two")).rejects.toMatchObject({ code: "decision_store_unavailable" });
    world.mood = "up";
    await process.recover();
    expect(await process.decide(0, "two")).toMatchObject({ durability: "committed" });
  });
});

describe("a store that refuses a decision", () => {
  it("is not away: the refusal is passed on and nothing is spooled", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    world.store.failWritesWith(new LottyError("decision_rejected", "No."));
    await expect(process.decide(0)).rejects.toMatchObject({ code: "decision_rejected" });
    expect(process.spool.waiting).toEqual([]);
    expect(process.spooling.state).toBe("closed");
  });

  it("while the spool is drained has it set aside, and takes its neighbours", async () => {
    const world = new UnsteadyDecisionStore();
    const waiting = Array.from({ length: 7 }, (_, index) => decision(index, index === 4 ? { value: "\0" } : {}));
    const process = new Process(world, new MemoryDecisionSpool({ waiting }));
    await process.recover();
    expect(storedIds(world)).toEqual(waiting.filter((_, index) => index !== 4).map(({ decisionId }) => decisionId));
    expect(process.spool.refused.map(({ item }) => item)).toMatchObject([{ decisionId: waiting[4]?.decisionId }]);
    expect(process.logger.events).toContain("spool_decision_set_aside");
  });
});

describe("when the store is back", () => {
  it("nothing is recorded in it before what an earlier process left is drained", async () => {
    const world = new UnsteadyDecisionStore();
    const waiting = Array.from({ length: 9 }, (_, index) => decision(index));
    const process = new Process(world, new MemoryDecisionSpool({ waiting, batchRows: 4 }));
    const answer = await process.decide(0);
    await process.recover();
    expect(storedIds(world)).toEqual([...waiting.map(({ decisionId }) => decisionId), answer.decisionId]);
  });

  it("recording waits for the last of the spool, so that the spool gets empty however busy the process is", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    world.mood = "down";
    await process.decide(0, "first");
    world.mood = "up";
    let asked = 0;
    const answers: Promise<AnsweredDecision>[] = [];
    const busy = setInterval(() => answers.push(process.decide(0, `busy-${(asked += 1)}`)), 0);
    process.timer.fire();
    await expect.poll(() => process.spooling.state, { timeout: 5_000, interval: 1 }).toBe("closed");
    clearInterval(busy);
    const durabilities = new Set((await Promise.all(answers)).map(({ durability }) => durability));
    expect(process.spool.waiting).toEqual([]);
    expect([...durabilities].every((each) => each === "spooled" || each === "committed")).toBe(true);
  });

  it("those who wait for the handover go to the spool after all when it fails", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    world.mood = "down";
    await process.decide(0, "first");
    world.mood = "up";
    const original = world.sink.write;
    const writing = Promise.withResolvers<void>();
    world.sink.write = () => writing.promise;
    process.timer.fire();
    await settle();
    expect(process.spooling.state).toBe("handing_over");
    const waiting = process.decide(1, "second");
    await settle();
    expect(process.spool.waiting).toHaveLength(1);
    writing.reject(new LottyError("decision_store_unavailable", "Gone again."));
    expect(await waiting).toMatchObject({ durability: "spooled" });
    world.sink.write = original;
    await process.recover();
    expect(storedIds(world)).toHaveLength(2);
  });

  it("what another process has left behind is found and drained", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    const left = [decision(1), decision(2)];
    process.spool.abandon(left);
    await process.tick(31);
    await process.recover();
    expect(storedIds(world)).toEqual(left.map(({ decisionId }) => decisionId));
  });
});

describe("parallel first assignments of one subject", () => {
  it("ask the store about as often as there are assignments, not as often as there are requests", async () => {
    const world = new UnsteadyDecisionStore();
    const process = new Process(world);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => process.decide(index % FLAGS)));
    const firsts = answers.filter(({ reason }) => reason === "experiment_assigned");
    expect(await world.store.history.load(DEFAULT_ENVIRONMENT_ID, "someone")).toHaveLength(3);
    expect(world.recordCalls).toBeLessThanOrEqual(100 + 3);
    expect(firsts.every(({ durability }) => durability === "committed")).toBe(true);
  });

  it("still see what others have written meanwhile", async () => {
    const world = new UnsteadyDecisionStore();
    const [one, other] = [new Process(world), new Process(world)];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? one : other).decide(index % FLAGS)),
    );
    expect(await world.store.history.load(DEFAULT_ENVIRONMENT_ID, "someone")).toHaveLength(3);
    expect(answers).toHaveLength(60);
  });
});

describe("whatever the store and the process do", () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("decide" as const),
        flag: fc.nat(FLAGS - 1),
        subject: fc.constantFrom("ada", "bob"),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("mood" as const),
        mood: fc.constantFrom<StoreMood>("up", "down", "lost", "hanging", "stuck"),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("tick" as const), times: fc.integer({ min: 1, max: 6 }) }) },
  );

  async function run(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[], crashAt: number) {
    const world = new UnsteadyDecisionStore();
    let process = new Process(world);
    const answered: AnsweredDecision[] = [];
    let waiting: Promise<unknown>[] = [];
    let life = 0;
    for (const [index, each] of steps.entries()) {
      if (index === crashAt) {
        // What was not answered by now never will be.
        life += 1;
        waiting = [];
        process = new Process(world, new MemoryDecisionSpool({ batchRows: 3, waiting: process.spool.waiting }));
      }
      if (each.kind === "mood") world.mood = each.mood;
      else if (each.kind === "tick") await process.tick(each.times);
      else {
        const asked = life;
        waiting.push(
          process.decide(each.flag, each.subject).then((answer) => (asked === life ? answered.push(answer) : 0)),
        );
      }
    }
    world.mood = "up";
    await process.tick(8);
    await Promise.all(waiting);
    await process.recover();
    return { world, answered };
  }

  it("every answered decision is stored exactly once, with its assignment, and nobody is in more than three", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { world, answered } = await run(steps, -1);
        const stored = storedIds(world);
        expect(new Set(stored).size).toBe(stored.length);
        expect(stored).toEqual(expect.arrayContaining([...idsOf(answered)]));
        expect(answered).toHaveLength(steps.filter(({ kind }) => kind === "decide").length);
        for (const subject of ["ada", "bob"]) {
          const history = await world.store.history.load(DEFAULT_ENVIRONMENT_ID, subject);
          expect(history.length).toBeLessThanOrEqual(3);
          // What was written and answered is all there is: no decision that nobody heard of takes a place.
          const held = answersFor(world, answered, subject);
          expect(history.map(({ experimentId }) => experimentId).toSorted()).toEqual(held);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("a process that ends at any moment loses nothing that was answered", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(39), async (steps, crashAt) => {
        const { world, answered } = await run(steps, crashAt);
        expect(storedIds(world)).toEqual(expect.arrayContaining([...idsOf(answered)]));
      }),
      { numRuns: 200 },
    );
  });
});

function answersFor(
  world: UnsteadyDecisionStore,
  answered: readonly AnsweredDecision[],
  subjectId: string,
): readonly string[] {
  const answeredIds = new Set(idsOf(answered));
  const held = world.store.decisions.filter(
    (each) => each.subjectId === subjectId && each.reason === "experiment_assigned" && answeredIds.has(each.decisionId),
  );
  return [...new Set(held.map(({ experimentId }) => experimentId ?? ""))].toSorted();
}

function decision(index: number, change: Partial<DecisionRecord> = {}): RecordRequest["decisions"][number] {
  return {
    decisionId: ids.next(TEST_NOW),
    environmentId: DEFAULT_ENVIRONMENT_ID,
    flagKey: `flag-${index}`,
    subjectId: `subject-${index}`,
    experimentId: null,
    variantId: null,
    value: "off",
    reason: "no_active_experiment",
    ruleId: null,
    flagVersion: 1,
    experimentVersion: null,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: TEST_NOW + index,
    ...change,
  };
}

const CONFIGURATION: Configuration = {
  environmentId: DEFAULT_ENVIRONMENT_ID,
  revision: 1,
  flags: Array.from({ length: FLAGS }, (_, index) => ({
    id: `f-${index}`,
    key: `flag-${index}`,
    valueType: "string",
    defaultValue: "off",
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: TEST_NOW,
  })),
  experiments: Array.from({ length: FLAGS }, (_, index) => ({
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
  })),
  domains: [],
  segments: [],
};
