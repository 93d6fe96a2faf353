import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type ControlPlaneStore, type Learning, type Learnings } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleLink } from "./control-plane-store.ts";
import { sampleDecisionId, STORE_NOW, TREACHEROUS_TEXTS } from "./decision-store-fixture.ts";

/** What keeps learnings, to be tested, with the store that changes them. */
export interface OpenedLearnings {
  readonly store: ControlPlaneStore;
  readonly learnings: Learnings;
  /** An environment besides the default one, empty as well. */
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

/** A learning of its own. */
export function sampleLearning(fields: Partial<Learning> = {}): Learning {
  const completedAt = fields.completedAt ?? STORE_NOW;
  return {
    id: sampleDecisionId(completedAt),
    experimentId: randomUUID(),
    experimentKey: "experiment",
    flagKey: "flag",
    hypothesis: null,
    owner: null,
    outcome: "no_effect",
    winner: null,
    comment: "Nothing.",
    notes: null,
    tags: [],
    startedAt: null,
    completedAt,
    effects: [],
    version: 1,
    updatedAt: completedAt,
    ...fields,
  };
}

/** Registers the tests that whatever keeps learnings passes. One store serves all of them. */
export function describeLearnings(name: string, open: () => Promise<OpenedLearnings>): void {
  describe(`learnings ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    const everything = { environmentId, limit: 100, offset: 0 };
    let opened: OpenedLearnings;
    let learnings: Learnings;
    beforeAll(async () => {
      opened = await open();
      ({ learnings } = opened);
    });
    afterAll(() => opened.close());

    async function put(...all: readonly Learning[]): Promise<void> {
      const { revision } = await opened.store.load(environmentId);
      await opened.store.commit(environmentId, { putLearnings: all, audit: sampleLink("test") }, revision);
    }

    it("gives a learning back as it was put, and its change", async () => {
      const learning = sampleLearning({
        hypothesis: TREACHEROUS_TEXTS.join("|"),
        owner: "Ada",
        outcome: "rollout_winner",
        winner: "green",
        comment: TREACHEROUS_TEXTS.join(" "),
        tags: ["a", 'b "c", {d}'],
        startedAt: STORE_NOW - 1,
        effects: [
          {
            metricId: randomUUID(),
            metricKey: "orders",
            variant: "green",
            isPrimary: true,
            higherIsBetter: true,
            lift: 0.021,
            se: 0.007,
            low: 0.007,
            high: null,
          },
        ],
      });
      await put(learning);
      expect(await learnings.find(environmentId, learning.id)).toStrictEqual(learning);
      expect(await learnings.find(opened.otherEnvironmentId, learning.id)).toBeUndefined();
      const edited = { ...learning, notes: "Also on phones.", version: 2 };
      await put(edited);
      expect(await learnings.find(environmentId, learning.id)).toStrictEqual(edited);
      const tagged = await learnings.search({ ...everything, tag: 'b "c", {d}' });
      expect(tagged).toStrictEqual([edited]);
    });

    it("finds words wherever they are said, and only in learnings that have all of them", async () => {
      const [hypothesis, comment, notes, key] = [
        sampleLearning({ hypothesis: "A zebra sells" }),
        sampleLearning({ comment: "The zebra did nothing" }),
        sampleLearning({ notes: "see zebra and walrus" }),
        sampleLearning({ experimentKey: "zebra-on-checkout" }),
      ];
      await put(hypothesis, comment, notes, key);
      const ids = async (text: string): Promise<readonly string[]> =>
        (await learnings.search({ ...everything, text })).map(({ id }) => id).toSorted();
      expect(await ids("zebra")).toStrictEqual([hypothesis, comment, notes, key].map(({ id }) => id).toSorted());
      expect(await ids("zebra walrus")).toStrictEqual([notes.id]);
      expect(await ids("checkout zebra")).toStrictEqual([key.id]);
      expect(await ids("giraffe")).toStrictEqual([]);
      for (const text of TREACHEROUS_TEXTS) expect(Array.isArray(await ids(`giraffe ${text}`))).toBe(true);
    });

    it("gives the newest first, page by page, of one outcome or time", async () => {
      const day = 86_400_000_000;
      const all = [1, 2, 3].map((place) =>
        sampleLearning({ completedAt: STORE_NOW + place * day, outcome: "rollback", tags: ["paged"] }),
      );
      await put(...all);
      const [first, second, third] = all;
      const own = { ...everything, tag: "paged" };
      expect(await learnings.search({ ...own, limit: 2 })).toStrictEqual([third, second]);
      expect(await learnings.search({ ...own, limit: 2, offset: 2 })).toStrictEqual([first]);
      expect(await learnings.search({ ...own, outcome: "no_effect" })).toStrictEqual([]);
      expect(await learnings.search({ ...own, from: second!.completedAt, to: third!.completedAt })).toStrictEqual([
        second,
      ]);
    });

    it("lists what was completed lately in all environments, oldest first", async () => {
      const year = 31_536_000_000_000;
      const all = [1, 2, 3].map((place) => sampleLearning({ completedAt: STORE_NOW + year + place }));
      const [first, second, third] = all;
      await put(third!, first!, second!);
      expect(await learnings.completedSince(second!.completedAt)).toStrictEqual([
        { environmentId, learning: second },
        { environmentId, learning: third },
      ]);
    });

    it("finds what is similar by the words in it, the nearest first", async () => {
      const one = sampleLearning({
        hypothesis: "A lemur banner above the basket",
        comment: "shoppers ignored it's charm",
      });
      const near = sampleLearning({ hypothesis: "A lemur banner below the basket", comment: "shoppers smiled" });
      const far = sampleLearning({ hypothesis: "lemur", comment: "unrelated otherwise" });
      const other = sampleLearning({ hypothesis: "quokka", comment: "quux", experimentKey: "q", flagKey: "r" });
      await put(one, near, far, other);
      const ids = (await learnings.similar(environmentId, one.id, 100)).map(({ id }) => id);
      expect(ids.indexOf(near.id)).toBeGreaterThanOrEqual(0);
      expect(ids.indexOf(near.id)).toBeLessThan(ids.indexOf(far.id));
      expect(ids).not.toContain(one.id);
      expect(ids).not.toContain(other.id);
      expect(await learnings.similar(environmentId, one.id, 1)).toHaveLength(1);
      expect(await learnings.similar(environmentId, randomUUID(), 5)).toStrictEqual([]);
    });
  });
}
