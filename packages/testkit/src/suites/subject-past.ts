import { randomUUID } from "node:crypto";
import {
  assignmentsOf,
  DEFAULT_ENVIRONMENT_ID,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
  type DecisionRecord,
} from "@lotty/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assigningDecision,
  byDecisionId,
  byExperiment,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";

/** A source of earlier histories to be tested, with what it takes to make some. */
export type OpenedSubjectPast = Pick<
  OpenedDecisionStore,
  "configuration" | "past" | "sink" | "otherEnvironmentId" | "close"
>;

/** Registers the tests that everything that knows the past of subjects passes. One store serves all of them. */
export function describeSubjectPast(name: string, open: () => Promise<OpenedSubjectPast>): void {
  describe(`past of subjects ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedSubjectPast;
    let experiments: readonly string[];
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 3);
    });
    afterAll(() => opened.close());

    it("is empty for a subject that nobody has seen, and in another environment", async () => {
      const subject = { environmentId, subjectId: randomUUID() };
      const span = { from: STORE_NOW, to: STORE_NOW };
      expect(await opened.past.around({ ...subject, ...span })).toStrictEqual({ before: [], since: [] });
      await opened.sink.write([assigningDecision(subject, experiments[0] ?? "")]);
      const elsewhere = { ...subject, environmentId: opened.otherEnvironmentId };
      expect(await opened.past.around({ ...elsewhere, ...span })).toStrictEqual({ before: [], since: [] });
    });

    it("is what decisions had assigned before a moment, and what they assigned around it", async () => {
      const times = fc
        .integer({ min: -4_000, max: 4_000 })
        .map((minutes) => STORE_NOW + minutes * 60_000 * MICROS_PER_MILLI);
      const made = fc.array(fc.record({ decidedAt: times, experiment: fc.nat({ max: 2 }), assigns: fc.boolean() }), {
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(
          made,
          fc.tuple(times, fc.constantFrom(0, 60_000_000, MICROS_PER_DAY)),
          async (all, [from, length]) => {
            const subject = { environmentId, subjectId: randomUUID() };
            const decisions = all.map(({ assigns, decidedAt, experiment }) =>
              assigns
                ? assigningDecision(subject, experiments[experiment] ?? "", { decidedAt })
                : sampleDecision(subject, {
                    experimentId: experiments[experiment] ?? "",
                    reason: "domain_conflict",
                    decidedAt,
                  }),
            );
            await opened.sink.write(decisions);
            const isWithin = (each: DecisionRecord): boolean =>
              each.decidedAt >= from && each.decidedAt <= from + length;
            const { before, since } = await opened.past.around({ ...subject, from, to: from + length });
            const earlier = byDecisionId(decisions).filter(({ decidedAt }) => decidedAt < from);
            expect(byExperiment(before)).toStrictEqual(byExperiment(assignmentsOf(earlier)));
            const expected = byDecisionId(
              decisions.filter((each) => isWithin(each) && each.reason === "experiment_assigned"),
            );
            expect(since).toStrictEqual(
              expected.map(({ decidedAt, decisionId, experimentId, variantId }) => ({
                decisionId,
                experimentId,
                variantId,
                decidedAt,
              })),
            );
          },
        ),
        { numRuns: 40 },
      );
    });
  });
}
