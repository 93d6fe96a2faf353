import assert from "node:assert/strict";
import type { DecisionStream, StreamEntry } from "@lotty/domain";
import fc from "fast-check";
import { idsOf, sampleDecision, subjectOf, type OpenedDecisionStream } from "./decision-stream-fixture.ts";

/** What a member does. */
export interface Step {
  readonly kind: "enqueue" | "read" | "acknowledge" | "setAside" | "reclaim";
  readonly member: number;
  readonly count: number;
}

/** Any steps of three members. */
export const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("enqueue", "enqueue", "read", "read", "acknowledge", "setAside", "reclaim"),
  member: fc.nat({ max: 2 }),
  count: fc.integer({ min: 1, max: 4 }),
});

/**
 * What must be true of the stream after any steps of three members. Decisions that are enqueued one by one are handed out in
 * order, as many as asked for, and count as taken from then on. Those of one call may be taken together.
 */
export class StreamModel {
  readonly #opened: OpenedDecisionStream;
  readonly #atOnce: number;
  readonly #members: readonly DecisionStream[];
  /** Entries of each member that it has and has not given back. */
  readonly #held: readonly Map<string, StreamEntry>[];
  /** Subjects that are not done, in the order of their arrival. */
  readonly #open = new Set<string>();
  /** Ids that were handed out and are not done. */
  readonly #pending = new Set<string>();
  /** Subjects that were handed out at any time. */
  readonly #seen = new Set<string>();
  /** Those of them that were taken over, so that two members may have them. */
  readonly #reclaimed = new Set<string>();
  #appended = 0;
  #setAside: number | undefined;

  /** @param atOnce how many decisions are enqueued in one call at most */
  constructor(opened: OpenedDecisionStream, atOnce: number) {
    this.#opened = opened;
    this.#atOnce = atOnce;
    this.#members = [opened.join(), opened.join(), opened.join()];
    this.#held = this.#members.map(() => new Map());
  }

  async carryOut({ kind, member: index, count }: Step): Promise<void> {
    const member = this.#members[index];
    const held = this.#held[index];
    if (member === undefined || held === undefined) throw new Error("There are three members.");
    this.#setAside ??= await this.#opened.deadLetters.size();
    switch (kind) {
      case "enqueue":
        await this.#enqueue(count);
        break;
      case "read": {
        const next = [...this.#open].filter((subject) => !this.#seen.has(subject)).slice(0, count);
        const entries = await member.read(count, 0);
        assert.ok(entries.length <= count);
        if (this.#isExact) assert.deepEqual(entries.map(subjectOf), next);
        const again = entries.map(subjectOf).filter((subject) => this.#seen.has(subject));
        assert.ok(again.every((subject) => this.#reclaimed.has(subject)));
        this.#take(held, entries);
        break;
      }
      case "reclaim": {
        const eligible = [...this.#pending].filter((id) => !held.has(id));
        const entries = await member.reclaim(count, 0);
        assert.ok(entries.length <= count);
        assert.ok(entries.every((entry) => !held.has(entry.id) && this.#open.has(subjectOf(entry))));
        if (this.#isExact) {
          assert.equal(entries.length, Math.min(count, eligible.length));
          assert.ok(idsOf(entries).every((id) => eligible.includes(id)));
        }
        for (const entry of entries) this.#reclaimed.add(subjectOf(entry));
        this.#take(held, entries);
        break;
      }
      case "acknowledge": {
        const entries = [...held.values()].slice(-count);
        await member.acknowledge(idsOf(entries));
        for (const entry of entries) this.#done(held, entry);
        break;
      }
      case "setAside": {
        const [entry] = held.values();
        if (entry === undefined) break;
        await member.setAside(entry, "refused");
        // Somebody else may have been done with it before.
        if (this.#open.has(subjectOf(entry))) this.#setAside += 1;
        this.#done(held, entry);
        break;
      }
    }
    await this.#compare(member);
  }

  /** Takes everything that is left: nothing that is not done may have gone, nothing that is done may come back. */
  async finish(): Promise<void> {
    const last = this.#opened.join();
    const reclaimed = await last.reclaim(1_000, 0);
    if (this.#isExact) assert.deepEqual(idsOf(reclaimed).toSorted(), [...this.#pending].toSorted());
    const left = [...reclaimed, ...(await last.read(1_000, 0))];
    assert.deepEqual(left.map(subjectOf).toSorted(), [...this.#open].toSorted());
    await last.acknowledge(idsOf(left));
    assert.deepEqual(await last.backlog(), { unread: 0, pending: 0 });
  }

  /** Whether members take no more than they hand out. */
  get #isExact(): boolean {
    return this.#atOnce === 1;
  }

  async #enqueue(count: number): Promise<void> {
    const sent = Array.from({ length: count * this.#atOnce }, () => sampleDecision(this.#appended++));
    for (let start = 0; start < sent.length; start += this.#atOnce) {
      await this.#opened.queue.enqueue(sent.slice(start, start + this.#atOnce));
    }
    for (const { subjectId } of sent) this.#open.add(subjectId);
  }

  #take(held: Map<string, StreamEntry>, entries: readonly StreamEntry[]): void {
    for (const entry of entries) {
      held.set(entry.id, entry);
      this.#seen.add(subjectOf(entry));
      this.#pending.add(entry.id);
    }
  }

  #done(held: Map<string, StreamEntry>, entry: StreamEntry): void {
    held.delete(entry.id);
    this.#pending.delete(entry.id);
    this.#open.delete(subjectOf(entry));
  }

  async #compare(member: DecisionStream): Promise<void> {
    const { pending, unread } = await member.backlog();
    assert.equal(pending + unread, this.#open.size);
    if (this.#isExact) assert.equal(pending, this.#pending.size);
    assert.equal(await this.#opened.deadLetters.size(), this.#setAside);
  }
}
