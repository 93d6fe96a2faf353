import type { Instant, RecordSpool } from "@lotty/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { STORE_NOW } from "./decision-store-fixture.ts";

/** An empty spool to be tested. */
export interface OpenedRecordSpool<Item> {
  readonly spool: RecordSpool<Item>;
  /** Most items that it takes: between 100 and 1,000. */
  readonly maxRows: number;
  /** Most items that it hands out at once: between 2 and a quarter of `maxRows`. */
  readonly batchRows: number;
  close(): Promise<void>;
}

/** What is spooled. */
export interface SpooledSamples<Item> {
  /** An item of its own that came to be at an instant. */
  sample(since: Instant): Item;
  /** Items with every field, and texts that are hard to keep; they came to be at `STORE_NOW`. */
  treacherous(): readonly Item[];
}

/** Registers the tests that every spool passes. Each has a spool of its own. */
export function describeRecordSpool<Item>(
  name: string,
  { sample, treacherous }: SpooledSamples<Item>,
  open: () => Promise<OpenedRecordSpool<Item>>,
): void {
  describe(`spool ${name}`, () => {
    let opened: OpenedRecordSpool<Item>;
    let spool: RecordSpool<Item>;
    beforeEach(async () => {
      opened = await open();
      spool = opened.spool;
    });
    afterEach(() => opened.close());

    const some = (count: number): readonly Item[] =>
      Array.from({ length: count }, (_, index) => sample(STORE_NOW + index));
    const drainAll = async (): Promise<readonly Item[]> => {
      const drained: Item[] = [];
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
      const items = treacherous();
      const [first, ...rest] = items;
      await spool.append(first === undefined ? [] : [first]);
      await Promise.all([spool.append(rest.slice(0, 3)), spool.append([]), spool.append(rest.slice(3))]);
      expect(spool.size()).toMatchObject({ rows: items.length, oldest: STORE_NOW });
      expect(await drainAll()).toStrictEqual(items);
      expect(spool.size()).toStrictEqual({ rows: 0, bytes: 0, oldest: null, setAside: 0 });
    });

    it("hands out batch after batch", async () => {
      const items = some(opened.batchRows * 2 + 1);
      await Promise.all(items.map((item) => spool.append([item])));
      expect(await spool.drain(() => Promise.resolve([]))).toBe(opened.batchRows);
      expect(spool.size()).toMatchObject({ rows: opened.batchRows + 1, oldest: STORE_NOW + opened.batchRows });
      expect(await drainAll()).toStrictEqual(items.slice(opened.batchRows));
    });

    it("keeps everything when writing fails", async () => {
      const items = some(3);
      await spool.append(items);
      await expect(spool.drain(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
      expect(spool.size().rows).toBe(3);
      expect(await drainAll()).toStrictEqual(items);
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

    it("sets aside what is refused, and that alone", async () => {
      const items = some(3);
      const [first, , third] = items;
      await spool.append(items);
      const drained = await spool.drain((batch) =>
        Promise.resolve(batch.slice(1, 2).map((item) => ({ item, reason: "no such experiment" }))),
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
