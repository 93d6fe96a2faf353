import { setImmediate as turn } from "node:timers/promises";
import { LottyError } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { CallBatcher, type CallBatcherOptions } from "./call-batcher.ts";
import type { Settled } from "./settled.ts";

/** A commit that waits to be let go. */
interface HeldCommit {
  readonly items: readonly number[];
  finish(settled?: readonly Settled<number>[]): void;
  fail(error: Error): void;
}

function setUp(options: Partial<CallBatcherOptions<number, number>> = {}): {
  group: CallBatcher<number, number>;
  commits: HeldCommit[];
} {
  const commits: HeldCommit[] = [];
  const group = new CallBatcher<number, number>({
    rowsOf: () => 1,
    maxBatchRows: 3,
    maxInFlight: 1,
    maxWaitingRows: 100,
    maxWaitMillis: 1_000,
    refusalCode: "decision_store_unavailable",
    run: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly Settled<number>[]>();
      const doubled = items.map((item) => ({ ok: true as const, value: 2 * item }));
      commits.push({ items, finish: (settled = doubled) => resolve(settled), fail: reject });
      return promise;
    },
    ...options,
  });
  return { group, commits };
}

describe("a call batcher", () => {
  it("commits a lone item without waiting for company", async () => {
    const { group, commits } = setUp();
    const answer = group.submit(21);
    await turn();
    expect(commits.map(({ items }) => items)).toStrictEqual([[21]]);
    commits[0]?.finish();
    expect(await answer).toBe(42);
  });

  it("gathers what arrives in one turn of the event loop and while a commit is in flight", async () => {
    const { group, commits } = setUp();
    const answers = [1, 2].map((item) => group.submit(item));
    await turn();
    answers.push(...[3, 4, 5, 6].map((item) => group.submit(item)));
    await turn();
    expect(commits.map(({ items }) => items)).toStrictEqual([[1, 2]]);
    commits[0]?.finish();
    await turn();
    commits[1]?.finish();
    await turn();
    commits[2]?.finish();
    expect(commits.map(({ items }) => items)).toStrictEqual([[1, 2], [3, 4, 5], [6]]);
    expect(await Promise.all(answers)).toStrictEqual([2, 4, 6, 8, 10, 12]);
  });

  it("has no more commits in flight than allowed", async () => {
    const { group, commits } = setUp({ maxInFlight: 2, maxBatchRows: 1 });
    const answers = [1, 2, 3].map((item) => group.submit(item));
    await turn();
    await turn();
    await turn();
    expect(commits).toHaveLength(2);
    commits[1]?.finish();
    await turn();
    expect(commits.map(({ items }) => items)).toStrictEqual([[1], [2], [3]]);
    commits[0]?.finish();
    commits[2]?.finish();
    await Promise.all(answers);
  });

  it("gives an item that is larger than a batch a commit of its own", async () => {
    const { group, commits } = setUp({ rowsOf: (item) => item, maxBatchRows: 5, maxInFlight: 9 });
    void [4, 1, 9, 2].map((item) => group.submit(item));
    await vi.waitFor(() => expect(commits.map(({ items }) => items)).toStrictEqual([[4, 1], [9], [2]]));
  });

  it("settles each item by itself, and all of them when the commit throws", async () => {
    const { group, commits } = setUp();
    const mixed = Promise.allSettled([group.submit(1), group.submit(2)]);
    await turn();
    commits[0]?.finish([
      { ok: false, error: new Error("bad") },
      { ok: true, value: 7 },
    ]);
    expect(await mixed).toMatchObject([{ reason: { message: "bad" } }, { value: 7 }]);
    const failed = Promise.allSettled([group.submit(3), group.submit(4)]);
    await turn();
    commits[1]?.fail(new Error("gone"));
    expect(await failed).toMatchObject([{ reason: { message: "gone" } }, { reason: { message: "gone" } }]);
  });

  it("reports items that a commit forgot", async () => {
    const { group, commits } = setUp();
    const answer = group.submit(1);
    await turn();
    commits[0]?.finish([]);
    await expect(answer).rejects.toMatchObject({ code: "internal" });
  });

  const unavailable = { code: "decision_store_unavailable", retryable: true };

  it("refuses what does not fit into the queue, and goes on when there is room", async () => {
    const { group, commits } = setUp({ maxWaitingRows: 2 });
    const flying = group.submit(0);
    await turn();
    const waiting = [group.submit(1), group.submit(2)];
    expect(group.waitingRows).toBe(2);
    await expect(group.submit(3)).rejects.toMatchObject(unavailable);
    commits[0]?.finish();
    await turn();
    const late = group.submit(4);
    commits[1]?.finish();
    await turn();
    commits[2]?.finish();
    expect(await Promise.all([flying, ...waiting, late])).toStrictEqual([0, 2, 4, 8]);
  });

  it("refuses what has waited too long instead of committing it", async () => {
    const { group, commits } = setUp({ maxWaitMillis: 20 });
    const flying = group.submit(1);
    await turn();
    const stale = group.submit(2);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const fresh = group.submit(3);
    commits[0]?.finish();
    await expect(stale).rejects.toMatchObject(unavailable);
    await turn();
    commits[1]?.finish();
    expect(await Promise.all([flying, fresh])).toStrictEqual([2, 6]);
    expect(group.waitingRows).toBe(0);
  });

  it("closes when everything is settled, and takes nothing any more", async () => {
    const { group, commits } = setUp();
    await setUp().group.close();
    const answers = [1, 2, 3, 4].map((item) => group.submit(item));
    let closed = false;
    const closing = group.close().then(() => (closed = true));
    await expect(group.submit(5)).rejects.toBeInstanceOf(LottyError);
    await turn();
    commits[0]?.finish();
    await turn();
    expect(closed).toBe(false);
    commits[1]?.finish();
    await closing;
    expect(await Promise.all(answers)).toStrictEqual([2, 4, 6, 8]);
  });

  it("answers every item once and keeps to its limits, however items and commits come", async () => {
    const delays = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 8 }), pause: fc.boolean() }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 3 }), async (items, maxInFlight) => {
        let flying = 0;
        const group = new CallBatcher<{ readonly rows: number }, number>({
          rowsOf: ({ rows }) => rows,
          maxBatchRows: 5,
          maxInFlight,
          maxWaitingRows: 10_000,
          maxWaitMillis: 60_000,
          refusalCode: "database_unavailable",
          run: async (batch) => {
            flying += 1;
            expect(flying).toBeLessThanOrEqual(maxInFlight);
            const rows = batch.reduce((sum, item) => sum + item.rows, 0);
            expect(rows <= 5 || batch.length === 1).toBe(true);
            await turn();
            flying -= 1;
            return batch.map((item) => ({ ok: true, value: item.rows }));
          },
        });
        const answers: Promise<number>[] = [];
        for (const item of items) {
          answers.push(group.submit(item));
          if (item.pause) await turn();
        }
        await group.close();
        expect(await Promise.all(answers)).toStrictEqual(items.map(({ rows }) => rows));
        expect(group.waitingRows).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
