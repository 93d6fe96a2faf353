import assert from "node:assert/strict";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DECISION_REASONS } from "@lotty/domain";
import type { DeadLetters, DecisionQueue, DecisionRecord, DecisionStream, StreamEntry } from "@lotty/domain";

/** A decision stream to be tested, empty. */
export interface OpenedDecisionStream {
  readonly queue: DecisionQueue;
  readonly deadLetters: DeadLetters;
  /** A new member of the group. */
  join(): DecisionStream;
  /** Appends an entry that is no decision. */
  appendMalformed(payload: string): Promise<void>;
  /** Lets time pass for what is held: a manual clock moves, a server is waited for. */
  elapse(millis: number): Promise<void>;
  close(): Promise<void>;
}

/** A decision that differs from others by its index. */
export function sampleDecision(index: number): DecisionRecord {
  return {
    decisionId: `01900000-0000-7000-8000-${index.toString(16).padStart(12, "0")}`,
    environmentId: "00000000-0000-7000-8000-000000000001",
    flagKey: "flag",
    subjectId: `subject-${index}`,
    experimentId: null,
    variantId: null,
    value: "false",
    reason: "no_active_experiment",
    flagVersion: 1,
    experimentVersion: null,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: 1_790_000_000_000_000 + index,
  };
}

const versions = fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const texts = fc.string({ unit: "binary", maxLength: 100 });

/** Any decision that may be queued. */
const decisions: fc.Arbitrary<DecisionRecord> = fc.record(
  {
    decisionId: fc.uuid({ version: 7 }),
    environmentId: fc.uuid({ version: 7 }),
    flagKey: texts,
    subjectId: fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
    experimentId: fc.option(fc.uuid()),
    variantId: fc.option(fc.uuid()),
    value: texts,
    reason: fc.constantFrom(...DECISION_REASONS),
    flagVersion: versions,
    experimentVersion: versions,
    attributesDigest: fc.option(fc.constantFrom("0".repeat(64), "a1".repeat(32))),
    hashVersion: fc.constant(1 as const),
    decidedAt: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
  { noNullPrototype: true },
);

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

    const enqueue = (from: number, count: number): Promise<void> =>
      queue.enqueue(Array.from({ length: count }, (_, index) => sampleDecision(from + index)));

    it("hands out decisions as they were, in order", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(decisions, { minLength: 1, maxLength: 5 }), async (sent) => {
          await queue.enqueue(sent);
          const entries = await readAll(member);
          expect(entries.map(({ decision }) => decision)).toStrictEqual(sent);
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
      await enqueue(0, 5);
      expect(await member.backlog()).toStrictEqual({ unread: 5, pending: 0 });
      const entries = await member.read(3, 0);
      expect(await member.backlog()).toStrictEqual({ unread: 2, pending: 3 });
      await member.acknowledge(idsOf(entries).slice(0, 1));
      expect(await member.backlog()).toStrictEqual({ unread: 2, pending: 2 });
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
      expect(entries.map(({ decision }) => ("malformed" in decision ? "malformed" : decision.subjectId))).toStrictEqual(
        ["subject-0", ...Array<string>(5).fill("malformed"), "subject-1"],
      );
    });

    it("sets entries aside with their reason and payload, once", async () => {
      await opened.appendMalformed("not a decision");
      await enqueue(0, 1);
      const [malformed, decision] = await readAll(member);
      if (malformed === undefined || decision === undefined) throw new Error("Two entries were appended.");
      await member.setAside(malformed, "malformed: because");
      await member.setAside(decision, 'refused: "value"\n');
      await member.setAside(decision, "a second time");
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
      expect(await opened.deadLetters.size()).toBe(2);
      const [first, second] = await opened.deadLetters.list(10);
      expect(first).toMatchObject({
        reason: "malformed: because",
        payload: "not a decision",
        decision: malformed.decision,
      });
      expect(second).toMatchObject({
        reason: 'refused: "value"\n',
        decision: decision.decision,
        deliveries: 1,
        shard: 0,
      });
      expect(second?.payload).toContain("subject-0");
      expect(await opened.deadLetters.list(1)).toStrictEqual([first]);
    });

    it("puts a dead letter back as it was, once", async () => {
      await enqueue(0, 1);
      const [entry] = await readAll(member);
      if (entry === undefined) throw new Error("An entry was appended.");
      await member.setAside(entry, "refused");
      const [letter] = await opened.deadLetters.list(10);
      expect(await opened.deadLetters.retry(letter?.id ?? "")).toBe("retried");
      expect(await opened.deadLetters.retry(letter?.id ?? "")).toBe("not_found");
      expect(await opened.deadLetters.size()).toBe(0);
      const [again] = await readAll(member);
      expect(again?.decision).toStrictEqual(entry.decision);
      expect(again?.deliveries).toBe(1);
    });

    it("lists dead letters page by page, also after the last one shown has gone", async () => {
      await enqueue(0, 5);
      for (const entry of await readAll(member)) await member.setAside(entry, "refused");
      const all = await opened.deadLetters.list(10);
      expect(all.map(subjectOf)).toStrictEqual([0, 1, 2, 3, 4].map((index) => `subject-${index}`));
      const [first, second] = await opened.deadLetters.list(2);
      await opened.deadLetters.drop(second?.id ?? "");
      expect([first, second]).toStrictEqual(all.slice(0, 2));
      expect(await opened.deadLetters.list(2, second?.id)).toStrictEqual(all.slice(2, 4));
      expect(await opened.deadLetters.list(2, all.at(-1)?.id)).toStrictEqual([]);
      await expect(opened.deadLetters.list(2, "no id")).rejects.toMatchObject({ code: "invalid_request" });
    });

    it("tells how often a dead letter had been handed out", async () => {
      await enqueue(0, 1);
      await member.read(10, 0);
      const [entry] = await opened.join().reclaim(10, 0);
      if (entry === undefined) throw new Error("An entry was appended.");
      await member.setAside(entry, "refused");
      expect(await opened.deadLetters.list(10)).toMatchObject([{ deliveries: 2 }]);
    });

    it("drops a dead letter, and tells when there is none", async () => {
      await opened.appendMalformed("x");
      const [entry] = await readAll(member);
      if (entry === undefined) throw new Error("An entry was appended.");
      await member.setAside(entry, "malformed");
      const [letter] = await opened.deadLetters.list(10);
      expect(await opened.deadLetters.drop(letter?.id ?? "")).toBe(true);
      for (const id of [letter?.id ?? "", "", "nothing", "0:", "0:-", "99:1-1"]) {
        expect(await opened.deadLetters.drop(id)).toBe(false);
        expect(await opened.deadLetters.retry(id)).toBe("not_found");
      }
      expect(await opened.deadLetters.list(10)).toStrictEqual([]);
    });

    it("loses nothing and hands out nothing twice, whatever the members do", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (all) => {
          const model = new StreamModel(opened);
          for (const step of all) await model.carryOut(step);
          await model.finish();
        }),
        { numRuns: 25 },
      );
    });
  });
}

interface Step {
  readonly kind: "enqueue" | "read" | "acknowledge" | "setAside" | "reclaim";
  readonly member: number;
  readonly count: number;
}

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("enqueue", "enqueue", "read", "read", "acknowledge", "setAside", "reclaim"),
  member: fc.nat({ max: 2 }),
  count: fc.integer({ min: 1, max: 4 }),
});

/** What must be true of the stream after any steps of three members. */
class StreamModel {
  readonly #opened: OpenedDecisionStream;
  readonly #members: readonly DecisionStream[];
  /** Entries of each member that it has and has not given back. */
  readonly #held: readonly Map<string, StreamEntry>[];
  readonly #pending = new Set<string>();
  readonly #unread: string[] = [];
  #appended = 0;

  constructor(opened: OpenedDecisionStream) {
    this.#opened = opened;
    this.#members = [opened.join(), opened.join(), opened.join()];
    this.#held = this.#members.map(() => new Map());
  }

  async carryOut({ kind, member: index, count }: Step): Promise<void> {
    const member = this.#members[index];
    const held = this.#held[index];
    if (member === undefined || held === undefined) throw new Error("There are three members.");
    switch (kind) {
      case "enqueue":
        await this.#enqueue(count);
        break;
      case "read": {
        const entries = await member.read(count, 0);
        assert.deepEqual(entries.map(subjectOf), this.#unread.splice(0, count));
        for (const entry of entries) this.#pending.add(entry.id);
        for (const entry of entries) held.set(entry.id, entry);
        break;
      }
      case "reclaim": {
        const entries = await member.reclaim(count, 0);
        const eligible = [...this.#pending].filter((id) => !held.has(id));
        assert.equal(entries.length, Math.min(count, eligible.length));
        assert.ok(idsOf(entries).every((id) => eligible.includes(id)));
        for (const entry of entries) held.set(entry.id, entry);
        break;
      }
      case "acknowledge": {
        const ids = [...held.keys()].slice(-count);
        await member.acknowledge(ids);
        this.#done(ids);
        for (const id of ids) held.delete(id);
        break;
      }
      case "setAside": {
        const [entry] = held.values();
        if (entry === undefined) break;
        await member.setAside(entry, "refused");
        this.#done([entry.id]);
        held.delete(entry.id);
        break;
      }
    }
    assert.deepEqual(await member.backlog(), { unread: this.#unread.length, pending: this.#pending.size });
  }

  /** Takes everything that is left: nothing unread or pending may have gone. */
  async finish(): Promise<void> {
    const last = this.#opened.join();
    assert.deepEqual(idsOf(await last.reclaim(1_000, 0)).toSorted(), [...this.#pending].toSorted());
    const unread = await last.read(1_000, 0);
    assert.deepEqual(unread.map(subjectOf), this.#unread);
    await last.acknowledge([...this.#pending, ...idsOf(unread)]);
    assert.deepEqual(await last.backlog(), { unread: 0, pending: 0 });
  }

  async #enqueue(count: number): Promise<void> {
    const sent = Array.from({ length: count }, () => sampleDecision(this.#appended++));
    await this.#opened.queue.enqueue(sent);
    this.#unread.push(...sent.map(({ subjectId }) => subjectId));
  }

  #done(ids: readonly string[]): void {
    for (const id of ids) this.#pending.delete(id);
  }
}

function idsOf(entries: readonly StreamEntry[]): readonly string[] {
  return entries.map(({ id }) => id);
}

function subjectOf({ decision }: Pick<StreamEntry, "decision">): string {
  return "malformed" in decision ? decision.malformed : decision.subjectId;
}

/** The indexes of sample decisions. */
async function subjectsOf(reading: Promise<readonly StreamEntry[]>): Promise<readonly number[]> {
  return (await reading).map((entry) => Number(subjectOf(entry).replace("subject-", "")));
}

async function readAll(member: DecisionStream): Promise<readonly StreamEntry[]> {
  return member.read(1_000, 0);
}

async function readUntilQuiet(member: DecisionStream): Promise<readonly number[]> {
  const subjects: number[] = [];
  for (;;) {
    const read = await subjectsOf(member.read(7, 300));
    if (read.length === 0) return subjects;
    subjects.push(...read);
  }
}
