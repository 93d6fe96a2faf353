import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type EventOutcome,
  type EventRecord,
  type EventRecorder,
  type EventSink,
} from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { MemoryEventStore } from "@lotty/testkit/fakes/memory-event-store";
import { MemoryRecordSpool } from "@lotty/testkit/fakes/memory-record-spool";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { sampleDecision } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleEvent, sampleExposure } from "@lotty/testkit/suites/event-store-fixture";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventSpooling, type EventSpooling } from "./create-event-spooling.ts";

/** How the store answers: `lost` does what it is asked, and its answer gets lost; `hanging` gives none. */
type Mood = "up" | "down" | "lost" | "hanging" | "busy";

const AWAY = new LottyError("database_unavailable", "The store is away.");

/** A store of events behind a connection that can fail. */
class UnsteadyEventStore implements EventRecorder, EventSink {
  readonly decisions = new MemoryDecisionStore();
  readonly store = new MemoryEventStore(this.decisions);
  mood: Mood = "up";
  recordCalls = 0;

  record(events: readonly EventRecord[]): Promise<readonly EventOutcome[]> {
    this.recordCalls += 1;
    return this.#ask(() => this.store.record(events));
  }

  write(events: readonly EventRecord[]): Promise<readonly EventOutcome[]> {
    return this.#ask(() => this.store.write(events));
  }

  readonly probe = async (): Promise<void> => {
    if (this.mood !== "up") throw AWAY;
  };

  #ask<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.mood === "up") return task();
    if (this.mood === "lost") return task().then(() => Promise.reject(AWAY));
    if (this.mood === "busy") return Promise.reject(new LottyError("overloaded", "Too much waits."));
    return this.mood === "down" ? Promise.reject(AWAY) : new Promise(() => undefined);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type EventMemorySpool = MemoryRecordSpool<EventRecord>;

function spoolOf(
  options: { readonly maxRows?: number; readonly waiting?: readonly EventRecord[] } = {},
): EventMemorySpool {
  return new MemoryRecordSpool<EventRecord>(({ receivedAt }) => receivedAt, { batchRows: 3, ...options });
}

/** A process: what it knows is gone when it ends, its spool is not. */
class Process {
  readonly timer = new ManualTimer();
  readonly logger = new RecordingLogger();
  readonly counts: string[] = [];
  readonly spool: EventMemorySpool;
  readonly spooling: EventSpooling;

  constructor(world: UnsteadyEventStore, spool: EventMemorySpool = spoolOf()) {
    this.spool = spool;
    const count = (name: string): void => void this.counts.push(name);
    this.spooling = createEventSpooling({
      spool,
      recorder: world,
      sink: world,
      probe: world.probe,
      patienceMillis: 100,
      metrics: { taken: count, rejected: count, queueRefused: () => undefined },
      clock: new ManualClock(0),
      timer: this.timer,
      logger: this.logger,
    });
    this.spooling.start();
  }

  async record(...events: readonly EventRecord[]): Promise<string> {
    return (await this.spooling.recorder.record(events)).durability;
  }

  async tick(times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      this.timer.fire();
      await settle();
    }
  }

  async recover(): Promise<void> {
    for (let round = 0; this.spooling.state !== "closed"; round += 1) {
      if (round === 100) throw new Error("the store is not used again");
      await this.tick();
    }
    if (this.spool.waiting.length > 0) throw new Error("something was left in the spool");
  }
}

describe("while the store of events is away", () => {
  it("events are spooled, and kept in order when it is back", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world);
    const before = sampleEvent();
    expect(await process.record(before)).toBe("committed");
    world.mood = "down";
    const events = Array.from({ length: 8 }, () => sampleEvent());
    for (const event of events) expect(await process.record(event)).toBe("spooled");
    expect(world.recordCalls).toBe(2);
    world.mood = "up";
    await process.recover();
    expect(world.store.events.map(({ eventId }) => eventId)).toEqual([before, ...events].map(({ eventId }) => eventId));
    expect(process.spooling.drained).toBe(8);
    expect(process.counts).toEqual(events.map(() => "accepted"));
    expect(await process.record(sampleEvent())).toBe("committed");
    expect(process.logger.events).toEqual(
      expect.arrayContaining(["event_store_away", "spool_draining", "spool_drained"]),
    );
  });

  it("events whose answer was lost, and those that were sent again, are kept once", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world);
    const [lost, again, known] = [sampleEvent(), sampleEvent(), sampleEvent()];
    await process.record(known);
    world.mood = "lost";
    expect(await process.record(lost)).toBe("spooled");
    expect(await process.record(again, again, known)).toBe("spooled");
    expect(await process.record({ ...known, value: 9 })).toBe("spooled");
    world.mood = "up";
    await process.recover();
    expect(world.store.events.map(({ eventId }) => eventId)).toEqual(
      [known, lost, again].map(({ eventId }) => eventId),
    );
    expect(process.counts).toEqual(["duplicate", "accepted", "duplicate", "duplicate", "conflict"]);
  });

  it("waits for a store that hangs no longer than its patience, and then not at all", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world);
    world.mood = "hanging";
    const first = process.record(sampleEvent());
    await process.tick(6);
    expect(await first).toBe("spooled");
    expect(await process.record(sampleEvent())).toBe("spooled");
    expect(world.recordCalls).toBe(1);
  });

  it("an exposure that turns out not to fit its decision is kept as one that never counts", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world);
    const decision = sampleDecision({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "ada" });
    await world.decisions.write([decision]);
    world.mood = "down";
    const stranger = sampleExposure({ ...decision, subjectId: "bob" });
    await process.record(stranger, sampleEvent());
    world.mood = "up";
    await process.recover();
    const { events } = await world.store.list({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "bob", limit: 9 });
    expect(events).toMatchObject([{ eventId: stranger.eventId, exposure: "wrong_subject" }]);
    expect(process.counts).toEqual(["wrong_subject", "accepted"]);
    expect(process.spool.refused).toEqual([]);
    expect(process.logger.events).toContain("spool_exposure_never_counts");
  });

  it("what the store can never take is set aside, and its neighbours are kept", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world);
    world.mood = "down";
    const [bad, good] = [sampleEvent(), sampleEvent()];
    await process.record(bad, good);
    const write = world.store.write.bind(world.store);
    world.store.write = async (events) => {
      const outcomes = await write(events.filter(({ eventId }) => eventId !== bad.eventId));
      const refused: EventOutcome = { status: "rejected", code: "not_storable" };
      return events.map(({ eventId }, index) => (eventId === bad.eventId ? refused : (outcomes[index - 1] ?? refused)));
    };
    world.mood = "up";
    await process.recover();
    expect(process.spool.refused).toEqual([{ item: bad, reason: "not_storable" }]);
    expect(world.store.events.map(({ eventId }) => eventId)).toEqual([good.eventId]);
    expect(process.logger.events).toContain("spool_event_set_aside");
  });

  it("nothing is promised when the spool is full", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world, spoolOf({ maxRows: 1 }));
    world.mood = "down";
    await process.record(sampleEvent());
    await expect(process.record(sampleEvent())).rejects.toMatchObject({
      code: "database_unavailable",
      retryable: true,
    });
  });
});

describe("a store of events that is there", () => {
  it("and has too much to do is not away: whoever sends is told to wait", async () => {
    const world = new UnsteadyEventStore();
    const process = new Process(world);
    world.mood = "busy";
    await expect(process.record(sampleEvent())).rejects.toMatchObject({ code: "overloaded" });
    expect(process.spooling.state).toBe("closed");
    expect(process.spool.waiting).toEqual([]);
  });

  it("gets first what an earlier process has left, before anything that comes now", async () => {
    const world = new UnsteadyEventStore();
    const left = Array.from({ length: 7 }, () => sampleEvent());
    const process = new Process(world, spoolOf({ waiting: left }));
    const later = sampleEvent();
    const recorded = process.record(later);
    await process.recover();
    await recorded;
    expect(world.store.events.map(({ eventId }) => eventId)).toEqual([...left, later].map(({ eventId }) => eventId));
  });
});

it("whatever the store does and however often events are sent, each that was acknowledged is kept once", async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("send" as const), event: fc.integer({ min: 0, max: 9 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("mood" as const), mood: fc.constantFrom<Mood>("up", "down", "lost") }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: "tick" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const world = new UnsteadyEventStore();
      const events = Array.from({ length: 10 }, () => sampleEvent());
      const acknowledged = new Set<string>();
      let process = new Process(world);
      for (const each of steps) {
        if (each.kind === "mood") world.mood = each.mood;
        else if (each.kind === "tick") await process.tick();
        else if (each.kind === "restart") process = new Process(world, spoolOf({ waiting: process.spool.waiting }));
        else {
          const event = events[each.event] ?? sampleEvent();
          const recorded = process.record(event).then(() => acknowledged.add(event.eventId));
          await process.tick();
          await recorded;
        }
      }
      world.mood = "up";
      await process.recover();
      const kept = world.store.events.map(({ eventId }) => eventId);
      expect(kept.toSorted()).toEqual([...acknowledged].toSorted());
    }),
    { numRuns: 100 },
  );
});
