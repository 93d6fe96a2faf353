import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RequestLimiter, type RequestLimiterOptions, type ShedCause } from "./request-limiter.ts";

function open(overrides: Partial<RequestLimiterOptions> = {}) {
  let now = 0;
  const timer = new ManualTimer();
  const logger = new RecordingLogger();
  const shed: ShedCause[] = [];
  const eventLoop = { behind: false };
  const limiter = new RequestLimiter({
    maxInFlight: 2,
    maxWaiting: 1,
    timeoutMillis: 1_000,
    eventLoop,
    timer,
    logger,
    onShed: (cause) => void shed.push(cause),
    now: () => now,
    ...overrides,
  });
  function advance(millis: number): void {
    now += millis;
    timer.fire();
  }
  return { limiter, timer, logger, shed, eventLoop, advance };
}

/** A task that ends when told to. */
class Held {
  started = false;
  readonly #end = Promise.withResolvers<string>();

  constructor() {
    // One that never gets its turn has nobody who hears of its failure.
    this.#end.promise.catch(() => undefined);
  }

  readonly run = (): Promise<string> => {
    this.started = true;
    return this.#end.promise;
  };

  finish(): void {
    this.#end.resolve("done");
  }

  fail(): void {
    this.#end.reject(new Error("broken"));
  }
}

const refused: unknown = expect.objectContaining({ code: "overloaded" });
const late: unknown = expect.objectContaining({ code: "timeout" });

describe("a request limiter", () => {
  it("passes results and errors on", async () => {
    const { limiter } = open();
    expect(await limiter.run(() => Promise.resolve(1))).toBe(1);
    await expect(limiter.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect([limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
  });

  it("lets so many run and so many wait, refuses the rest at once, and gives places on in the order of arrival", async () => {
    const { limiter, shed } = open({ maxWaiting: 2 });
    const tasks = Array.from({ length: 4 }, () => new Held());
    const runs = tasks.map((task) => limiter.run(task.run));
    expect(tasks.map(({ started }) => started)).toEqual([true, true, false, false]);
    expect(limiter.refusal).toBe("in_flight");
    await expect(limiter.run(() => Promise.resolve(1))).rejects.toEqual(refused);
    expect(shed).toEqual(["in_flight"]);
    tasks[1]?.fail();
    await expect(runs[1]).rejects.toThrow("broken");
    expect(tasks.map(({ started }) => started)).toEqual([true, true, true, false]);
    expect([limiter.inFlight, limiter.waiting, limiter.refusal]).toEqual([2, 1, undefined]);
    for (const task of tasks) task.finish();
    expect(await Promise.all([runs[0], runs[2], runs[3]])).toEqual(["done", "done", "done"]);
    expect([limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
  });

  it("refuses everything new while the event loop is behind, and finishes what it has", async () => {
    const { limiter, shed, eventLoop } = open({ fewRequests: 1 });
    const task = new Held();
    const run = limiter.run(task.run);
    eventLoop.behind = true;
    await expect(limiter.run(() => Promise.resolve(1))).rejects.toEqual(refused);
    expect(shed).toEqual(["event_loop"]);
    task.finish();
    expect(await run).toBe("done");
    eventLoop.behind = false;
    expect(await limiter.run(() => Promise.resolve(1))).toBe(1);
  });

  it("takes a few requests although the event loop is behind: they are not why, until there are more", async () => {
    const { limiter, shed, eventLoop, advance } = open({ fewRequests: 3 });
    eventLoop.behind = true;
    const ask = (): Promise<unknown> => limiter.run(() => Promise.resolve("taken")).catch(() => "refused");
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual(["taken", "taken", "taken", "refused"]);
    expect(shed).toEqual(["event_loop"]);
    advance(50);
    expect(await ask()).toBe("refused");
    advance(50);
    advance(50);
    expect(await ask()).toBe("taken");
  });

  it("tells the caller of overdue work, which keeps its place until it really ends", async () => {
    const { limiter, advance } = open({ maxInFlight: 1, maxWaiting: 0 });
    const task = new Held();
    const run = limiter.run(task.run);
    advance(999);
    advance(1);
    await expect(run).rejects.toEqual(late);
    expect(limiter.inFlight).toBe(1);
    await expect(limiter.run(() => Promise.resolve(1))).rejects.toEqual(refused);
    task.finish();
    await expect.poll(() => limiter.inFlight).toBe(0);
  });

  it("never starts work whose caller was told while it waited", async () => {
    const { limiter, advance } = open({ maxInFlight: 1 });
    const [first, second] = [new Held(), new Held()];
    const runs = [limiter.run(first.run), limiter.run(second.run)];
    advance(500);
    const third = limiter.run(() => Promise.resolve(3)).catch((error: unknown) => error);
    advance(500);
    await Promise.all(runs.map((run) => expect(run).rejects.toEqual(late)));
    first.finish();
    await expect.poll(() => limiter.inFlight).toBe(0);
    expect(second.started).toBe(false);
    expect(await third).toEqual(refused);
  });

  it("says how many it turned away, not one by one", async () => {
    const { limiter, logger, advance } = open({ maxInFlight: 1, maxWaiting: 0 });
    const task = new Held();
    const run = limiter.run(task.run);
    for (let time = 0; time < 100; time += 1) limiter.shed("in_flight");
    advance(50);
    limiter.shed("in_flight");
    advance(50);
    expect(logger.lines).toMatchObject([{ event: "requests_shed", fields: { requests: 100, in_flight: 1 } }]);
    task.finish();
    await run;
    advance(5_000);
    expect(logger.lines).toHaveLength(2);
  });

  it("leaves no timer behind", () => {
    const { limiter, timer } = open();
    limiter.close();
    expect(timer.tasks).toBe(0);
  });

  it("settles every task exactly once and never exceeds a limit, whatever the order of events", async () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant("run" as const) }),
      fc.record({ kind: fc.constantFrom("finish" as const, "fail" as const), index: fc.nat(30) }),
      fc.record({ kind: fc.constant("advance" as const), millis: fc.nat(700) }),
    );
    const limits = fc.record({ maxInFlight: fc.integer({ min: 1, max: 4 }), maxWaiting: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(limits, fc.array(event, { maxLength: 60 }), async (bounds, events) => {
        const { limiter, advance } = open(bounds);
        const tasks: Held[] = [];
        const settled: Promise<unknown>[] = [];
        for (const each of events) {
          if (each.kind === "run") {
            const task = new Held();
            tasks.push(task);
            settled.push(limiter.run(task.run).catch((error: unknown) => error));
          } else if (each.kind === "advance") advance(each.millis);
          else tasks[each.index]?.[each.kind]();
          await Promise.resolve();
          expect(limiter.inFlight).toBeLessThanOrEqual(bounds.maxInFlight);
          expect(limiter.waiting).toBeLessThanOrEqual(bounds.maxWaiting);
        }
        for (const task of tasks) task.finish();
        await Promise.all(settled);
        await expect.poll(() => [limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
      }),
      { numRuns: 50 },
    );
  });
});
