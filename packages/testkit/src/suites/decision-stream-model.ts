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

/** What must be true of the stream after any steps of three members. */
export class StreamModel {
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
