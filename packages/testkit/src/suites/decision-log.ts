import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
  type DecisionQuestion,
  type DecisionRecord,
} from "@lotty/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  byDecisionId,
  sampleDecision,
  STORE_NOW,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";

/** A log to be tested, with what it takes to fill it. */
export type OpenedDecisionLog = Pick<OpenedDecisionStore, "log" | "sink" | "otherEnvironmentId" | "close">;

/** Registers the tests that every log of decisions passes. One store serves all of them. */
export function describeDecisionLog(name: string, open: () => Promise<OpenedDecisionLog>): void {
  describe(`decision log ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    const everything = { environmentId, from: STORE_NOW - 10 * MICROS_PER_DAY, to: STORE_NOW + 10 * MICROS_PER_DAY };
    let opened: OpenedDecisionLog;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    /** Asks page by page until there is no more. */
    async function pages(question: DecisionQuestion): Promise<readonly DecisionRecord[]> {
      const found: DecisionRecord[] = [];
      let before: string | null | undefined;
      while (before !== null) {
        const page = await opened.log.list({ ...question, ...(before !== undefined && { before }) });
        expect(page.decisions.length).toBeLessThanOrEqual(question.limit);
        found.push(...page.decisions);
        before = page.next;
      }
      return found;
    }

    it("finds a decision by its id, with every field", async () => {
      const decision = sampleDecision(
        { environmentId, subjectId: randomUUID() },
        {
          experimentId: randomUUID(),
          variantId: randomUUID(),
          ruleId: randomUUID(),
          value: "treatment",
          reason: "outside_traffic_allocation",
          flagVersion: 7,
          experimentVersion: 9,
          attributesDigest: "0123456789abcdef".repeat(4),
        },
      );
      const bare = sampleDecision({ environmentId, subjectId: randomUUID() });
      await opened.sink.write([decision, bare]);
      expect(await opened.log.find(environmentId, decision.decisionId)).toStrictEqual(decision);
      expect(await opened.log.find(environmentId, bare.decisionId)).toStrictEqual(bare);
    });

    it("finds nothing by an unknown id, nor what belongs to another environment", async () => {
      const decision = sampleDecision({ environmentId, subjectId: randomUUID() });
      await opened.sink.write([decision]);
      expect(await opened.log.find(environmentId, randomUUID())).toBeNull();
      expect(await opened.log.find(opened.otherEnvironmentId, decision.decisionId)).toBeNull();
      const list = { ...everything, environmentId: opened.otherEnvironmentId, subjectId: decision.subjectId };
      expect((await opened.log.list({ ...list, limit: 10 })).decisions).toStrictEqual([]);
    });

    it("lists what fits all of subject, experiment, flag and span, newest first, whatever the size of pages", async () => {
      const [subjects, experiments, flags] = [0, 1, 2].map(() => [randomUUID(), randomUUID()]) as [
        string[],
        string[],
        string[],
      ];
      const decisions = Array.from({ length: 60 }, (_, index) =>
        sampleDecision(
          { environmentId, subjectId: subjects[index % 2] ?? "" },
          {
            experimentId: experiments[(index >> 1) % 2] ?? "",
            flagKey: flags[(index >> 2) % 2] ?? "",
            // Over five days, some of which have a partition, with several decisions in one millisecond.
            decidedAt: STORE_NOW + (index % 5) * MICROS_PER_DAY + (index % 3) * MICROS_PER_MILLI,
          },
        ),
      );
      await opened.sink.write(decisions);
      const maybe = (values: readonly string[]): fc.Arbitrary<string | undefined> =>
        fc.constantFrom(undefined, ...values);
      const day = fc.integer({ min: -1, max: 6 });
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            subjectId: fc.constantFrom(...subjects),
            experimentId: maybe(experiments),
            flagKey: maybe(flags),
          }),
          fc.tuple(day, day, fc.integer({ min: 1, max: 40 })),
          async ({ experimentId, flagKey, subjectId }, [first, last, limit]) => {
            const span = { from: STORE_NOW + first * MICROS_PER_DAY, to: STORE_NOW + last * MICROS_PER_DAY };
            const millis = (instant: number): number => Math.floor(instant / MICROS_PER_MILLI);
            const expected = decisions.filter(
              (each) =>
                each.subjectId === subjectId &&
                (experimentId === undefined || each.experimentId === experimentId) &&
                (flagKey === undefined || each.flagKey === flagKey) &&
                millis(each.decidedAt) >= millis(span.from) &&
                millis(each.decidedAt) < millis(span.to),
            );
            const narrowed = { ...(experimentId && { experimentId }), ...(flagKey && { flagKey }) };
            const found = await pages({ environmentId, subjectId, ...narrowed, ...span, limit });
            expect(found).toStrictEqual(byDecisionId(expected).toReversed());
          },
        ),
        { numRuns: 40 },
      );
      const ofExperiment = await pages({ ...everything, experimentId: experiments[0] ?? "", limit: 7 });
      expect(ofExperiment).toStrictEqual(
        byDecisionId(decisions.filter((each) => each.experimentId === experiments[0])).toReversed(),
      );
      const ofFlag = await pages({ ...everything, flagKey: flags[1] ?? "", limit: 7 });
      expect(ofFlag).toStrictEqual(byDecisionId(decisions.filter((each) => each.flagKey === flags[1])).toReversed());
    });

    it("keeps subjects and flags apart that differ in a single byte", async () => {
      const tag = randomUUID();
      const decisions = TREACHEROUS_TEXTS.map((text) =>
        sampleDecision({ environmentId, subjectId: `${text}${tag}${text}` }, { flagKey: `${text}${tag}` }),
      );
      await opened.sink.write(decisions);
      for (const decision of decisions) {
        const bySubject = await opened.log.list({ ...everything, subjectId: decision.subjectId, limit: 5 });
        expect(bySubject).toStrictEqual({ decisions: [decision], next: null });
        expect(await pages({ ...everything, flagKey: decision.flagKey, limit: 5 })).toStrictEqual([decision]);
      }
    });
  });
}
