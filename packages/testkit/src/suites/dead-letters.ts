import type { DeadLetters, DecisionStream } from "@lotty/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll, sampleDecision, subjectOf, type OpenedDecisionStream } from "./decision-stream-fixture.ts";

/** Registers the tests that the dead letters of every decision stream pass. */
export function describeDeadLetters(name: string, open: () => Promise<OpenedDecisionStream>): void {
  describe(`dead letters ${name}`, () => {
    let opened: OpenedDecisionStream;
    let deadLetters: DeadLetters;
    let member: DecisionStream;
    beforeEach(async () => {
      opened = await open();
      deadLetters = opened.deadLetters;
      member = opened.join();
    });
    afterEach(() => opened.close());

    const enqueue = (count: number): Promise<void> =>
      opened.queue.enqueue(Array.from({ length: count }, (_, index) => sampleDecision(index)));

    it("sets entries aside with their reason and payload, once", async () => {
      await opened.appendMalformed("not a decision");
      await enqueue(1);
      const [malformed, decision] = await readAll(member);
      if (malformed === undefined || decision === undefined) throw new Error("Two entries were appended.");
      await member.setAside(malformed, "malformed: because");
      await member.setAside(decision, 'refused: "value"\n');
      await member.setAside(decision, "a second time");
      expect(await member.backlog()).toStrictEqual({ unread: 0, pending: 0 });
      expect(await deadLetters.size()).toBe(2);
      const [first, second] = await deadLetters.list(10);
      expect(first).toMatchObject({
        reason: "malformed: because",
        payload: "not a decision",
        item: malformed.item,
      });
      expect(second).toMatchObject({
        reason: 'refused: "value"\n',
        item: decision.item,
        deliveries: 1,
        shard: 0,
      });
      expect(second?.payload).toContain("subject-0");
      expect(await deadLetters.list(1)).toStrictEqual([first]);
    });

    it("puts a dead letter back as it was, once", async () => {
      await enqueue(1);
      const [entry] = await readAll(member);
      if (entry === undefined) throw new Error("An entry was appended.");
      await member.setAside(entry, "refused");
      const [letter] = await deadLetters.list(10);
      expect(await deadLetters.retry(letter?.id ?? "")).toBe("retried");
      expect(await deadLetters.retry(letter?.id ?? "")).toBe("not_found");
      expect(await deadLetters.size()).toBe(0);
      const [again] = await readAll(member);
      expect(again?.item).toStrictEqual(entry.item);
      expect(again?.deliveries).toBe(1);
    });

    it("lists dead letters page by page, also after the last one shown has gone", async () => {
      await enqueue(5);
      for (const entry of await readAll(member)) await member.setAside(entry, "refused");
      const all = await deadLetters.list(10);
      expect(all.map(subjectOf)).toStrictEqual([0, 1, 2, 3, 4].map((index) => `subject-${index}`));
      const [first, second] = await deadLetters.list(2);
      await deadLetters.drop(second?.id ?? "");
      expect([first, second]).toStrictEqual(all.slice(0, 2));
      expect(await deadLetters.list(2, second?.id)).toStrictEqual(all.slice(2, 4));
      expect(await deadLetters.list(2, all.at(-1)?.id)).toStrictEqual([]);
      await expect(deadLetters.list(2, "no id")).rejects.toMatchObject({ code: "invalid_request" });
    });

    it("tells how often a dead letter had been handed out", async () => {
      await enqueue(1);
      await member.read(10, 0);
      const [entry] = await opened.join().reclaim(10, 0);
      if (entry === undefined) throw new Error("An entry was appended.");
      await member.setAside(entry, "refused");
      expect(await deadLetters.list(10)).toMatchObject([{ deliveries: 2 }]);
    });

    it("drops a dead letter, and tells when there is none", async () => {
      await opened.appendMalformed("x");
      const [entry] = await readAll(member);
      if (entry === undefined) throw new Error("An entry was appended.");
      await member.setAside(entry, "malformed");
      const [letter] = await deadLetters.list(10);
      expect(await deadLetters.drop(letter?.id ?? "")).toBe(true);
      for (const id of [letter?.id ?? "", "", "nothing", "0:", "0:-", "99:1-1"]) {
        expect(await deadLetters.drop(id)).toBe(false);
        expect(await deadLetters.retry(id)).toBe("not_found");
      }
      expect(await deadLetters.list(10)).toStrictEqual([]);
    });
  });
}
