import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type DecisionRecord, type DecisionSpool } from "@lotty/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  assigningDecision,
  assignmentOf,
  byExperiment,
  sampleDecision,
  STORE_NOW,
  TREACHEROUS_TEXTS,
  type SampleSubject,
} from "./decision-store-fixture.ts";

/** An empty spool to be tested. */
export interface OpenedDecisionSpool {
  readonly spool: DecisionSpool;
  /** Most decisions that it takes: between 100 and 1,000. */
  readonly maxRows: number;
  /** Most decisions that it hands out at once: between 2 and a quarter of `maxRows`. */
  readonly batchRows: number;
  close(): Promise<void>;
}

/** Registers the tests that every decision spool passes. Each has a spool of its own. */
export function describeDecisionSpool(name: string, open: () => Promise<OpenedDecisionSpool>): void {
  describe(`decision spool ${name}`, () => {
    let opened: OpenedDecisionSpool;
    let spool: DecisionSpool;
    beforeEach(async () => {
      opened = await open();
      spool = opened.spool;
    });
    afterEach(() => opened.close());

    const someone = (): SampleSubject => ({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: randomUUID() });
    const some = (count: number): readonly DecisionRecord[] =>
      Array.from({ length: count }, (_, index) => sampleDecision(someone(), { decidedAt: STORE_NOW + index }));
    const drainAll = async (): Promise<readonly DecisionRecord[]> => {
      const drained: DecisionRecord[] = [];
      while (
        (await spool.drain((batch) => {
          expect(batch.length).toBeLessThanOrEqual(opened.batchRows);
          drained.push(...batch);
          return Promise.resolve([]);
        })) > 0
      );
      return drained;
    };

    it("is empty at first", async () => {
      expect(spool.size()).toStrictEqual({ rows: 0, bytes: 0, oldest: null, setAside: 0 });
      expect(await drainAll()).toStrictEqual([]);
      expect(spool.takeOver()).toBe(0);
    });

    it("gives back every field of what it was given, in that order, and is empty again", async () => {
      const one = assigningDecision(someone(), randomUUID(), { attributesDigest: "0123456789abcdef".repeat(4) });
      const texts = TREACHEROUS_TEXTS.map((text) =>
        sampleDecision(someone(), { value: text, flagKey: text, ruleId: randomUUID() }),
      );
      const treacherous = TREACHEROUS_TEXTS.map((text) =>
        sampleDecision({ ...someone(), subjectId: text }, { attributes: JSON.stringify({ [text]: text }) }),
      );
      await spool.append([one, ...some(2)].slice(0, 1));
      await Promise.all([spool.append(texts), spool.append([]), spool.append(treacherous)]);
      expect(spool.size()).toMatchObject({ rows: 1 + texts.length + treacherous.length, oldest: STORE_NOW });
      expect(await drainAll()).toStrictEqual([one, ...texts, ...treacherous]);
      expect(spool.size()).toStrictEqual({ rows: 0, bytes: 0, oldest: null, setAside: 0 });
    });

    it("hands out batch after batch", async () => {
      const decisions = some(opened.batchRows * 2 + 1);
      await Promise.all(decisions.map((decision) => spool.append([decision])));
      expect(await spool.drain(() => Promise.resolve([]))).toBe(opened.batchRows);
      expect(spool.size()).toMatchObject({ rows: opened.batchRows + 1, oldest: STORE_NOW + opened.batchRows });
      expect(await drainAll()).toStrictEqual(decisions.slice(opened.batchRows));
    });

    it("keeps everything when writing fails", async () => {
      const decisions = some(3);
      await spool.append(decisions);
      await expect(spool.drain(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
      expect(spool.size().rows).toBe(3);
      expect(await drainAll()).toStrictEqual(decisions);
    });

    it("keeps what is added while it is drained", async () => {
      const [first, second] = [some(2), some(3)];
      await spool.append(first);
      await spool.drain(async () => {
        await spool.append(second);
        return [];
      });
      expect(await drainAll()).toStrictEqual(second);
    });

    it("knows what its subjects take part in, from the moment it is told", async () => {
      const [subject, other] = [someone(), someone()];
      const elsewhere = { ...subject, environmentId: randomUUID() };
      const [one, two] = [randomUUID(), randomUUID()];
      const early = assigningDecision(subject, one);
      const late = assigningDecision(subject, one, { decidedAt: STORE_NOW + 5 });
      const second = assigningDecision(subject, two);
      const known = () => byExperiment(spool.assignmentsOf(subject.environmentId, subject.subjectId));
      const appending = spool.append([early, sampleDecision(subject), assigningDecision(other, two)]);
      expect(known()).toStrictEqual([assignmentOf(early)]);
      await appending;
      expect(known()).toStrictEqual([assignmentOf(early)]);
      await spool.append([late, second, assigningDecision(elsewhere, randomUUID())]);
      expect(known()).toStrictEqual(
        byExperiment([{ ...assignmentOf(late), firstDecidedAt: STORE_NOW }, assignmentOf(second)]),
      );
      expect(spool.assignmentsOf(subject.environmentId, randomUUID())).toStrictEqual([]);
    });

    it("sets aside what is refused, and that alone", async () => {
      const decisions = some(3);
      const [first, second, third] = decisions;
      await spool.append(decisions);
      const drained = await spool.drain(() =>
        Promise.resolve([{ decisionId: second?.decisionId ?? "", reason: "no such experiment" }]),
      );
      expect(drained).toBe(3);
      expect(spool.size()).toMatchObject({ rows: 0, oldest: null, setAside: 1 });
      await spool.append([first, third].flatMap((each) => each ?? []));
      expect(await drainAll()).toStrictEqual([first, third]);
    });

    it("refuses what is beyond its bound, whole, and takes more when it was drained", async () => {
      const { maxRows } = opened;
      await spool.append(some(maxRows - 1));
      const full = { code: "decision_store_unavailable", retryable: true };
      await expect(spool.append(some(2))).rejects.toMatchObject(full);
      await spool.append(some(1));
      await expect(spool.append(some(1))).rejects.toMatchObject(full);
      expect(spool.size().rows).toBe(maxRows);
      expect(await drainAll()).toHaveLength(maxRows);
      await spool.append(some(2));
      expect(await drainAll()).toHaveLength(2);
    });

    it("takes nothing after it was closed, which may be done twice", async () => {
      await spool.close();
      await spool.close();
      await expect(spool.append(some(1))).rejects.toMatchObject({ code: "decision_store_unavailable" });
    });
  });
}
