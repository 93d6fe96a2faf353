import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attemptLimit } from "./attempt-limits.ts";
import { memoryLimiters } from "./limiters.ts";

const COUNTS = { perAccount: 3, perAddress: 5, windowSeconds: 10 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the limit of attempts", () => {
  it("counts per account, whatever the address, until the window is over", async () => {
    const limit = attemptLimit(memoryLimiters, COUNTS);
    for (const address of ["a", "b", "c"]) expect(await limit.begin({ account: "ada", address })).toBe(0);
    vi.advanceTimersByTime(4_000);
    expect(await limit.begin({ account: "ada", address: "d" })).toBe(6_000);
    expect(await limit.begin({ account: "bob", address: "d" })).toBe(0);
    vi.advanceTimersByTime(6_000);
    expect(await limit.begin({ account: "ada", address: "d" })).toBe(0);
  });

  it("counts per address, whatever the account", async () => {
    const limit = attemptLimit(memoryLimiters, COUNTS);
    for (const account of ["a", "b", "c", "d", "e"]) expect(await limit.begin({ account, address: "x" })).toBe(0);
    expect(await limit.begin({ account: "f", address: "x" })).toBeGreaterThan(0);
    expect(await limit.begin({ account: "f", address: "y" })).toBe(0);
  });

  it("counts attempts that are made at the same time", async () => {
    const limit = attemptLimit(memoryLimiters, COUNTS);
    const waits = await Promise.all(Array.from({ length: 20 }, () => limit.begin({ account: "ada", address: "a" })));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
  });

  it("forgets the attempts of an account that succeeds, and of its address only that one", async () => {
    const limit = attemptLimit(memoryLimiters, COUNTS);
    const source = { account: "ada", address: "x" };
    for (let tries = 0; tries < 3; tries += 1) await limit.begin(source);
    await limit.succeeded(source);
    for (let tries = 0; tries < 3; tries += 1) expect(await limit.begin(source)).toBe(0);
    expect(await limit.begin({ account: "bob", address: "x" })).toBeGreaterThan(0);
  });
});
