import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LimiterSource, memoryLimiters, redisLimiters, takePoints } from "./limiters.ts";

/** As a client of ioredis is while it tries to connect. */
const AWAY = { status: "reconnecting", defineCommand: () => undefined };

const SOURCES: readonly (readonly [string, LimiterSource])[] = [
  ["in memory", memoryLimiters],
  ["in a Redis that is away", redisLimiters({ client: AWAY, keyPrefix: "test:" })],
];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(SOURCES)("points that are counted %s", (_where, limiters) => {
  it("are taken as far as there are any, and come back when the window is over", async () => {
    const limiter = limiters({ name: "test", points: 10, windowSeconds: 10 });
    expect(await takePoints(limiter, "a", 7)).toEqual({ taken: 7, leftMillis: 10_000 });
    vi.advanceTimersByTime(4_000);
    expect(await takePoints(limiter, "a", 7)).toEqual({ taken: 3, leftMillis: 6_000 });
    expect(await takePoints(limiter, "a", 7)).toEqual({ taken: 0, leftMillis: 6_000 });
    expect(await takePoints(limiter, "b", 7)).toMatchObject({ taken: 7 });
    vi.advanceTimersByTime(6_000);
    expect(await takePoints(limiter, "a", 7)).toEqual({ taken: 7, leftMillis: 10_000 });
  });
});
