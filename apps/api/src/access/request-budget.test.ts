import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LimiterSource, memoryLimiters } from "./limiters.ts";
import { type BudgetExceeded, RequestBudget } from "./request-budget.ts";

const WINDOW_SECONDS = 10;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function budgetOf(points: number, limiters: LimiterSource = memoryLimiters): RequestBudget {
  return new RequestBudget({ name: "test", points, windowSeconds: WINDOW_SECONDS }, limiters, () => Date.now());
}

/** How many of some requests may go on, which are made one after the other. */
async function admitted(budget: RequestBudget, name: string, requests: number): Promise<number> {
  let count = 0;
  for (let request = 0; request < requests; request += 1) {
    if ((await budget.take(name)) === undefined) count += 1;
  }
  return count;
}

describe("a budget", () => {
  it("gives away exactly its points, whatever their number, to each name, and again in the next window", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: 0, max: 50 }), async (points, more) => {
        const budget = budgetOf(points);
        expect(await admitted(budget, "a", points + more)).toBe(points);
        expect(await admitted(budget, "b", points + more)).toBe(points);
        vi.advanceTimersByTime(WINDOW_SECONDS * 1_000);
        expect(await admitted(budget, "a", points + more)).toBe(points);
      }),
      { numRuns: 40 },
    );
  });

  it("gives no more to those who ask at the same time", async () => {
    const budget = budgetOf(150);
    const answers = await Promise.all(Array.from({ length: 400 }, async () => budget.take("a")));
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(150);
  });

  it("says how long to wait once it is used up", async () => {
    const budget = budgetOf(3);
    await admitted(budget, "a", 3);
    vi.advanceTimersByTime(4_000);
    const exceeded: BudgetExceeded | undefined = await budget.take("a");
    expect(exceeded).toEqual({ policy: budget.policy, retryMillis: 6_000 });
    vi.advanceTimersByTime(5_999);
    expect(await budget.take("a")).toMatchObject({ retryMillis: 1 });
    vi.advanceTimersByTime(1);
    expect(await budget.take("a")).toBeUndefined();
  });

  it("answers at once within a block, and when nothing is left: only each hundredth part is taken from the limiter", async () => {
    const consume = vi.fn();
    const budget = budgetOf(1_000, (options) => {
      const limiter = memoryLimiters(options);
      consume.mockImplementation((key: string, points: number) => limiter.consume(key, points));
      return {
        points: limiter.points,
        consume,
        delete: (key) => limiter.delete(key),
        reward: (key) => limiter.reward(key),
      };
    });
    let promises = 0;
    for (let request = 0; request < 1_100; request += 1) {
      const answer = budget.take("a");
      if (answer instanceof Promise) promises += 1;
      await answer;
    }
    // The last one finds that there is nothing more.
    expect(promises).toBe(101);
    expect(consume).toHaveBeenCalledTimes(101);
  });

  it("is shared by those who count at one place, but for a block that one of them may hold", async () => {
    const limiter = memoryLimiters({ name: "shared", points: 1_000, windowSeconds: WINDOW_SECONDS });
    const [one, other] = [budgetOf(1_000, () => limiter), budgetOf(1_000, () => limiter)];
    expect(await admitted(one, "a", 605)).toBe(605);
    expect(await admitted(other, "a", 500)).toBe(390);
    expect(await admitted(one, "a", 500)).toBe(5);
  });

  it("tells of a limiter that fails, and asks it again the next time", async () => {
    let away = true;
    const budget = budgetOf(5, (options) => {
      const limiter = memoryLimiters(options);
      return {
        points: limiter.points,
        consume: (key, points) => (away ? Promise.reject(new Error("away")) : limiter.consume(key, points)),
        delete: (key) => limiter.delete(key),
        reward: (key) => limiter.reward(key),
      };
    });
    await expect(budget.take("a")).rejects.toThrow("away");
    away = false;
    expect(await admitted(budget, "a", 9)).toBe(5);
  });
});
