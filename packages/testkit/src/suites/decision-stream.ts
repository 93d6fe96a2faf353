import {
  DECISION_REASONS,
  type DecisionQueue,
  type DecisionRecord,
  type DecisionStream,
  type StreamEntry,
} from "@lotty/domain";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  enqueueEach,
  idsOf,
  readAll,
  sampleDecision,
  sampleDecisions,
  subjectOf,
  type OpenedDecisionStream,
} from "./decision-stream-fixture.ts";
import { steps, StreamModel } from "./decision-stream-model.ts";

const versions = fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const texts = fc.string({ unit: "binary", maxLength: 100 });

/** Any decision whose attributes are not recorded in full. */
const plainDecisions: fc.Arbitrary<DecisionRecord> = fc.record(
  {
    decisionId: fc.uuid({ version: 7 }),
    environmentId: fc.uuid({ version: 7 }),
    flagKey: texts,
    subjectId: fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
    experimentId: fc.option(fc.uuid()),
    variantId: fc.option(fc.uuid()),
    value: texts,
    reason: fc.constantFrom(...DECISION_REASONS),
    ruleId: fc.option(fc.uuid()),
    flagVersion: versions,
    experimentVersion: versions,
    attributesDigest: fc.option(fc.constantFrom("0".repeat(64), "a1".repeat(32))),
    hashVersion: fc.constant(1 as const),
    decidedAt: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
  { noNullPrototype: true },
);

/** Any decision that may be queued. */
const decisions: fc.Arbitrary<DecisionRecord> = fc
  .tuple(plainDecisions, fc.option(texts))
  .map(([decision, attributes]) => (attributes === null ? decision : { ...decision, attributes }));

/** Registers the tests that every decision stream passes. */
export function describeDecisionStream(name: string, open: () => Promise<OpenedDecisionStream>): void {
  describe(`decision stream ${name}`, () => {
    let opened: OpenedDecisionStream;
    let queue: DecisionQueue;
    let member: DecisionStream;
    beforeEach(async () => {
      opened = await open();
      queue = opened.queue;
      member = opened.join();
    });
    afterEach(() => opened.close());

    /** In one call. */
    const enqueue = (from: number, count: number): Promise<void> => queue.enqueue(sampleDecisions(count, from));

    it("hands out decisions as they were, in order", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(decisions, { minLength: 1, maxLength: 5 }), async (sent) => {
          await queue.enqueue(sent);
          const entries = await readAll(member);
          expect(entries.map(({ item }) => item)).toStrictEqual(sent);
          await member.acknowledge(idsOf(entries));
        }),
        { numRuns: 30 },
      );
    });

    it("keeps decisions that came before the first member", async () => {
      await enqueue(0, 3);
      expect(await subjectsOf(opened.join().read(10, 0))).toStrictEqual([0, 1, 2]);
    });

    it("hands out no more than asked for", async () => {
      await enqueue(0, 5);
      expect(await subjectsOf(member.read(2, 0))).toStrictEqual([0, 1]);
      expect(await subjectsOf(member.read(10, 0))).toStrictEqual([2, 3, 4]);
    });

    it("returns nothing when the wait is over, and at once when there is no wait", async () => {
      const start = performance.now();
      expect(await member.read(10, 0)).toStrictEqual([]);
      const immediately = performance.now();
      expect(await member.read(10, 150)).toStrictEqual([]);
      expect(immediately - start).toBeLessThan(140);
      expect(performance.now() - immediately).toBeGreaterThan(140);
    });

    it("ends the wait with the first decision", async () => {
      await member.read(1, 0);
      const start = performance.now();
      const reading = member.read(10, 5_000);
      await enqueue(0, 1);
      expect(await subjectsOf(reading)).toStrictEqual([0]);
      expect(performance.now() - start).toBeLessThan(2_000);
    });

    it("takes an empty list without complaint", async () => {
      await queue.enqueue([]);
      await member.acknowledge([]);
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
    });

    it("gives each decision to one of the members that read at the same time", async () => {
      const members = [member, opened.join(), opened.join()];
      const reading = members.map((each) => readUntilQuiet(each));
      for (let start = 0; start < 300; start += 10) await enqueue(start, 10);
      const read = (await Promise.all(reading)).flat();
      expect(read.toSorted((a, b) => a - b)).toStrictEqual(Array.from({ length: 300 }, (_, index) => index));
    });

    it("counts what waits", async () => {
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
      await enqueueEach(queue, 5);
      expect(await member.backlog()).toStrictEqual({ unread: 5, pending: 0 });
      const entries = await member.read(3, 0);
      expect(await member.backlog()).toStrictEqual({ unread: 2, pending: 3 });
      await member.acknowledge(idsOf(entries).slice(0, 1));
      expect(await member.backlog()).toStrictEqual({ unread: 2, pending: 2 });
    });

    it("counts decisions one by one, also those that came in one call", async () => {
      const waiting = async (): Promise<number> => {
        const { pending, unread } = await opened.join().backlog();
        return pending + unread;
      };
      await enqueue(0, 250);
      await enqueueEach(queue, 3, 250);
      await enqueue(253, 7);
      expect(await member.backlog()).toStrictEqual({ unread: 260, pending: 0 });
      const entries = [...(await member.read(30, 0)), ...(await member.read(1_000, 0))];
      expect(entries).toHaveLength(260);
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 260 });
      for (const entry of entries.slice(5, 8)) await member.acknowledge([entry.id]);
      expect(await waiting()).toBe(257);
      const [poison] = entries;
      if (poison !== undefined) await member.setAside(poison, "refused");
      expect(await waiting()).toBe(256);
      await member.acknowledge(idsOf(entries.slice(0, 200)));
      expect(await waiting()).toBe(60);
      await enqueue(260, 40);
      expect(await waiting()).toBe(100);
      await member.acknowledge(idsOf(entries));
      expect(await member.backlog()).toStrictEqual({ unread: 40, pending: 0 });
    });

    it("hands stalled decisions to another member, with the number of deliveries", async () => {
      await enqueue(0, 3);
      const [done, ...stalled] = await member.read(10, 0);
      expect(stalled.map(({ deliveries }) => deliveries)).toStrictEqual([1, 1]);
      await member.acknowledge(idsOf(done === undefined ? [] : [done]));
      const other = opened.join();
      expect(await other.reclaim(10, 60_000)).toStrictEqual([]);
      await opened.elapse(60);
      const reclaimed = await other.reclaim(10, 50);
      expect(reclaimed).toStrictEqual(stalled.map((entry) => ({ ...entry, deliveries: 2 })));
      expect(await opened.join().reclaim(10, 60_000)).toStrictEqual([]);
      await other.acknowledge(idsOf(reclaimed));
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
    });

    it("reclaims no more than asked for and comes to the rest the next time", async () => {
      await enqueue(0, 5);
      await member.read(10, 0);
      const other = opened.join();
      expect(await subjectsOf(other.reclaim(2, 0))).toStrictEqual([0, 1]);
      expect(await subjectsOf(other.reclaim(10, 0))).toStrictEqual([2, 3, 4]);
      expect(await other.reclaim(10, 0)).toStrictEqual([]);
    });

    it("does not reclaim what the member itself still holds", async () => {
      await enqueue(0, 2);
      const [first] = await member.read(10, 0);
      expect(await member.reclaim(10, 0)).toStrictEqual([]);
      await member.acknowledge([first?.id ?? ""]);
      expect(await member.reclaim(10, 0)).toStrictEqual([]);
    });

    it("lets the former holder acknowledge what was taken over", async () => {
      await enqueue(0, 1);
      const entries = await member.read(10, 0);
      const other = opened.join();
      await other.reclaim(10, 0);
      await member.acknowledge(idsOf(entries));
      await other.acknowledge(idsOf(entries));
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
    });

    it("hands out malformed entries as such, between others", async () => {
      await enqueue(0, 1);
      for (const payload of ["", "no json", "{}", "[1,2,3]", JSON.stringify(Array(13).fill(null))]) {
        await opened.appendMalformed(payload);
      }
      await enqueue(1, 1);
      const entries = await readAll(member);
      expect(entries.map(({ item }) => ("malformed" in item ? "malformed" : item.subjectId))).toStrictEqual([
        "subject-0",
        ...Array<string>(5).fill("malformed"),
        "subject-1",
      ]);
    });

    it("passes on of one call only what is not done, when it is taken over", async () => {
      await enqueue(0, 6);
      const [first, second, ...others] = await member.read(10, 0);
      if (first === undefined || second === undefined) throw new Error("Six entries were appended.");
      await member.setAside(second, "refused");
      await member.acknowledge([first.id, ...idsOf(others.slice(2))]);
      const other = opened.join();
      const left = await other.reclaim(10, 0);
      expect(left.map(({ item }) => item)).toStrictEqual([sampleDecision(2), sampleDecision(3)]);
      // Both give back what both have.
      await member.acknowledge(idsOf(others));
      await other.setAside(second, "refused again");
      await other.acknowledge(idsOf(left));
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
      expect(await opened.deadLetters.list(10)).toMatchObject([{ reason: "refused", item: sampleDecision(1) }]);
    });

    it.each([
      ["one by one", 1],
      ["several in one call", 5],
    ])("loses nothing and hands out nothing twice, whatever the members do, %s", async (_, atOnce) => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (all) => {
          const model = new StreamModel(opened, atOnce);
          for (const step of all) await model.carryOut(step);
          await model.finish();
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** The indexes of sample decisions. */
async function subjectsOf(reading: Promise<readonly StreamEntry[]>): Promise<readonly number[]> {
  return (await reading).map((entry) => Number(subjectOf(entry).replace("subject-", "")));
}

async function readUntilQuiet(member: DecisionStream): Promise<readonly number[]> {
  const subjects: number[] = [];
  for (;;) {
    const read = await subjectsOf(member.read(7, 300));
    if (read.length === 0) return subjects;
    subjects.push(...read);
  }
}
