import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DECISION_REASONS, type CachedDecision, type DecisionCache } from "@lotty/domain";

/** A decision cache to be tested, empty. */
export interface OpenedDecisionCache {
  readonly cache: DecisionCache;
  /** Lets time pass for the cache: a manual clock moves, a server is waited for. */
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const entries: fc.Arbitrary<CachedDecision> = fc.record(
  { reason: fc.constantFrom(...DECISION_REASONS), experimentId: fc.uuid(), variantId: fc.option(fc.uuid()) },
  { noNullPrototype: true },
);

/** Long enough not to end while a test runs. */
const LONG_SECONDS = 600;

/** Registers the tests that every decision cache passes. */
export function describeDecisionCache(name: string, open: () => Promise<OpenedDecisionCache>): void {
  describe(`decision cache ${name}`, () => {
    let opened: OpenedDecisionCache;
    let cache: DecisionCache;
    beforeEach(async () => {
      opened = await open();
      cache = opened.cache;
    });
    afterEach(() => opened.close());

    const sample: CachedDecision = { reason: "experiment_assigned", experimentId: "e1", variantId: "v1" };

    it("has nothing under a key that was never set", async () => {
      expect(await cache.get("nothing")).toBeUndefined();
    });

    it("gives back what was set", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), entries, async (key, entry) => {
          await cache.set(key, entry, LONG_SECONDS);
          expect(await cache.get(key)).toStrictEqual(entry);
        }),
        { numRuns: 50 },
      );
    });

    it("keeps entries of different keys apart", async () => {
      const keys = [
        "a",
        "A",
        "a ",
        " a",
        "a:b",
        "a:b:c",
        "{a}",
        "{b}a",
        "1:a",
        "",
        "\u0000",
        "é",
        "e\u0301",
        '"a"',
        "\ud800",
        "\ud801",
      ];
      for (const [index, key] of keys.entries())
        await cache.set(key, { ...sample, variantId: String(index) }, LONG_SECONDS);
      const found = await Promise.all(keys.map((key) => cache.get(key)));
      expect(found.map((entry) => entry?.variantId)).toStrictEqual(keys.map((_, index) => String(index)));
    });

    it("replaces an entry", async () => {
      await cache.set("key", sample, LONG_SECONDS);
      await cache.set("key", { ...sample, variantId: null }, LONG_SECONDS);
      expect(await cache.get("key")).toStrictEqual({ ...sample, variantId: null });
    });

    it("does not see what the caller changes afterwards", async () => {
      const mutable = { ...sample };
      await cache.set("key", mutable, LONG_SECONDS);
      mutable.variantId = "other";
      expect(await cache.get("key")).toStrictEqual(sample);
    });

    it("keeps an entry until its time is over, by the latest set", async () => {
      await cache.set("short", sample, 1);
      await cache.set("long", sample, 30);
      await cache.set("shortened", sample, 30);
      await cache.set("shortened", sample, 1);
      await cache.set("prolonged", sample, 1);
      await cache.set("prolonged", sample, 30);
      expect(await cache.get("short")).toStrictEqual(sample);
      await opened.advance(1.1);
      expect(await cache.get("short")).toBeUndefined();
      expect(await cache.get("long")).toStrictEqual(sample);
      expect(await cache.get("shortened")).toBeUndefined();
      expect(await cache.get("prolonged")).toStrictEqual(sample);
    });
  });
}
