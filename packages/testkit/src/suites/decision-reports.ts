import { randomUUID } from "node:crypto";
import {
  DECISION_REASONS,
  DEFAULT_ENVIRONMENT_ID,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
  type DecisionRecord,
  type DecisionReports,
  type DecisionSpread,
  type SpreadQuestion,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assigningDecision,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";

/** Reports to be tested, on a store that decisions can be written to. */
export type OpenedDecisionReports = Pick<
  OpenedDecisionStore,
  "configuration" | "sink" | "otherEnvironmentId" | "close"
> & { readonly reports: DecisionReports };

/** Registers the tests that every adapter of reports passes. One store serves all of them. */
export function describeDecisionReports(name: string, open: () => Promise<OpenedDecisionReports>): void {
  describe(`decision reports ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    const control = "00000000-0000-4000-8000-000000000001";
    const treatment = "00000000-0000-4000-8000-000000000002";
    const from = STORE_NOW;
    const to = STORE_NOW + 3 * MICROS_PER_DAY;
    let opened: OpenedDecisionReports;
    let experimentId: string;
    let otherExperimentId: string;
    beforeAll(async () => {
      opened = await open();
      [experimentId = "", otherExperimentId = ""] = await storeExperiments(opened.configuration, environmentId, 2);
    });
    afterAll(() => opened.close());

    /** Writes decisions on a flag of their own and counts them. */
    async function spreadOf(
      decisions: readonly DecisionRecord[],
      question: Partial<SpreadQuestion> = {},
    ): Promise<DecisionSpread> {
      const flagKey = question.flagKey ?? `flag-${randomUUID()}`;
      await opened.sink.write(decisions.map((decision) => ({ ...decision, flagKey })));
      return opened.reports.spread({ environmentId, flagKey, experimentId, from, to, ...question });
    }

    function assigned(subjectId: string, variantId: string, fields: Partial<DecisionRecord> = {}): DecisionRecord {
      return assigningDecision({ environmentId, subjectId }, experimentId, { variantId, ...fields });
    }

    it("finds nothing where nothing was recorded", async () => {
      expect(await spreadOf([])).toEqual({
        variants: [],
        subjectsInSeveralVariants: 0,
        versions: null,
        reasons: {},
        standby: null,
      });
    });

    it("counts every decision, and every subject once for its variant", async () => {
      const spread = await spreadOf([
        assigned("a", control),
        assigned("a", control, { decidedAt: STORE_NOW + MICROS_PER_DAY, experimentVersion: 4 }),
        assigned("b", treatment, { experimentVersion: 2 }),
        assigned("c", treatment, { experimentVersion: 3 }),
      ]);
      expect(spread).toMatchObject({
        variants: [
          { variantId: control, subjects: 1, decisions: 2 },
          { variantId: treatment, subjects: 2, decisions: 2 },
        ],
        subjectsInSeveralVariants: 0,
        versions: { oldest: 1, newest: 4 },
        reasons: { experiment_assigned: 4 },
      });
    });

    it("tells how many subjects were given more than one variant", async () => {
      const spread = await spreadOf([
        ...["a", "b", "c"].map((subject) => assigned(subject, control)),
        ...["b", "c", "d"].map((subject) => assigned(subject, treatment)),
      ]);
      expect(spread.variants.map(({ subjects }) => subjects)).toEqual([3, 3]);
      expect(spread.subjectsInSeveralVariants).toBe(2);
    });

    it("counts all decisions of the flag by reason, whichever experiment took them", async () => {
      const decisions = DECISION_REASONS.flatMap((reason, index) =>
        Array.from({ length: index + 1 }, () =>
          sampleDecision({ environmentId, subjectId: "a" }, { reason, experimentId: otherExperimentId }),
        ),
      );
      const spread = await spreadOf(decisions.map((decision) => ({ ...decision, variantId: control, value: "" })));
      expect(spread.reasons).toEqual(Object.fromEntries(DECISION_REASONS.map((reason, index) => [reason, index + 1])));
      expect(spread.variants).toEqual([]);
    });

    it("takes the decisions from the first millisecond of the span to before the last", async () => {
      const millis = (instant: number): number => Math.floor(instant / MICROS_PER_MILLI) * MICROS_PER_MILLI;
      const times = [millis(from) - 1, millis(from), millis(to) - 1, millis(to)];
      const spread = await spreadOf(times.map((decidedAt) => assigned("a", control, { decidedAt })));
      expect(spread.reasons).toEqual({ experiment_assigned: 2 });
      const empty = await spreadOf([assigned("a", control)], { from, to: from });
      expect(empty.reasons).toEqual({});
    });

    it("leaves out other flags and environments", async () => {
      const flagKey = `flag-${randomUUID()}`;
      await spreadOf([assigned("a", control)], { flagKey: `${flagKey}-2` });
      const elsewhere = sampleDecision({ environmentId: opened.otherEnvironmentId, subjectId: "a" });
      const spread = await spreadOf([elsewhere, assigned("b", treatment)], { flagKey });
      expect(spread.reasons).toEqual({ experiment_assigned: 1 });
    });

    it("keeps subjects apart that differ in a byte", async () => {
      const spread = await spreadOf(["a", "A", "a ", "\u00e9", "e\u0301"].map((subject) => assigned(subject, control)));
      expect(spread.variants).toMatchObject([{ subjects: 5 }]);
    });
  });
}
