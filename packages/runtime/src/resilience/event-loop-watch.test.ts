import { setTimeout as pause } from "node:timers/promises";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { describe, expect, it } from "vitest";
import { systemTimer } from "../system/system-timer.ts";
import { EventLoopWatch } from "./event-loop-watch.ts";

function watchOf(delays: readonly number[]): { readonly watch: EventLoopWatch; readonly timer: ManualTimer } {
  const timer = new ManualTimer();
  const left = [...delays];
  return { timer, watch: new EventLoopWatch({ maxDelayMillis: 100, timer, measure: () => left.shift() ?? 0 }) };
}

describe("a watch of the event loop", () => {
  it.each([
    [[], false],
    [[101], false],
    [[100, 100, 100], false],
    [[101, 101], true],
    [[500, 500, 500], true],
    [[101, 99, 101], false],
    [[101, 101, 0], false],
  ])("after delays of %j says %s", (delays, behind) => {
    const { watch, timer } = watchOf(delays);
    for (const _ of delays) timer.fire();
    expect(watch.behind).toBe(behind);
  });

  it("does not look when there is no limit", () => {
    const timer = new ManualTimer();
    const watch = new EventLoopWatch({ maxDelayMillis: 0, timer });
    expect([timer.tasks, watch.behind]).toEqual([0, false]);
    watch.stop();
  });

  it("measures: a loop that is blocked again and again is behind, and is not any more soon after", async () => {
    const watch = new EventLoopWatch({ maxDelayMillis: 60, timer: systemTimer });
    const end = performance.now() + 5_000;
    while (!watch.behind && performance.now() < end) {
      const until = performance.now() + 150;
      while (performance.now() < until);
      await pause(0);
    }
    expect(watch.behind).toBe(true);
    await expect.poll(() => watch.behind, { timeout: 5_000 }).toBe(false);
    watch.stop();
  });
});
