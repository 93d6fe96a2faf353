import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, DECISION_REASONS } from "@lotty/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assigningDecision,
  assignmentOf,
  byExperiment,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";

/** A source of histories to be tested, with what it takes to make some. */
export type OpenedSubjectHistory = Pick<
  OpenedDecisionStore,
  "configuration" | "history" | "sink" | "otherEnvironmentId" | "close"
>;

/** Registers the tests that every source of subject histories passes. One store serves all of them. */
export function describeSubjectHistory(name: string, open: () => Promise<OpenedSubjectHistory>): void {
  describe(`subject history ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedSubjectHistory;
    let experiments: readonly string[];
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 3);
    });
    afterAll(() => opened.close());

    const someone = (subjectId: string = randomUUID()): { environmentId: string; subjectId: string } => ({
      environmentId,
      subjectId,
    });

    it("is empty for a subject that nobody has seen", async () => {
      expect(await opened.history.load(environmentId, randomUUID())).toStrictEqual([]);
    });

    it("has one assignment per experiment, exact to the microsecond", async () => {
      const subject = someone();
      const decisions = experiments.map((id, index) =>
        assigningDecision(subject, id, { decidedAt: STORE_NOW + index }),
      );
      await opened.sink.write(decisions);
      const history = await opened.history.load(environmentId, subject.subjectId);
      expect(byExperiment(history)).toStrictEqual(decisions.map(assignmentOf));
    });

    it("takes no notice of decisions that assign nothing", async () => {
      const subject = someone();
      const [experimentId = ""] = experiments;
      const reasons = DECISION_REASONS.filter((reason) => reason !== "experiment_assigned");
      await opened.sink.write(reasons.map((reason) => sampleDecision(subject, { reason, experimentId })));
      expect(await opened.history.load(environmentId, subject.subjectId)).toStrictEqual([]);
    });

    it("has the first and the last time and the variant of the latest decision, in whatever order and grouping they were written", async () => {
      const [experimentId = ""] = experiments;
      const offsets = fc.uniqueArray(fc.integer({ min: -2_000_000, max: 2_000_000 }), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(offsets, fc.boolean(), async (times, atOnce) => {
          const subject = someone();
          const decisions = times.map((time) =>
            assigningDecision(subject, experimentId, { decidedAt: STORE_NOW + time }),
          );
          if (atOnce) await opened.sink.write(decisions);
          else for (const decision of decisions) await opened.sink.write([decision]);
          const latest = decisions.reduce((a, b) => (b.decidedAt > a.decidedAt ? b : a));
          const expected = { ...assignmentOf(latest), firstDecidedAt: STORE_NOW + Math.min(...times) };
          expect(await opened.history.load(environmentId, subject.subjectId)).toStrictEqual([expected]);
        }),
        { numRuns: 25 },
      );
    });

    it("keeps subjects apart whose ids differ in a single byte", async () => {
      const tag = randomUUID();
      const [experimentId = ""] = experiments;
      const decisions = TREACHEROUS_TEXTS.map((text) =>
        assigningDecision(someone(`${text}${tag}${text}`), experimentId),
      );
      await opened.sink.write(decisions);
      for (const decision of decisions) {
        expect(await opened.history.load(environmentId, decision.subjectId)).toStrictEqual([assignmentOf(decision)]);
      }
      expect(await opened.history.load(environmentId, tag)).toStrictEqual([]);
    });

    it("takes subject ids of 256 bytes", async () => {
      const subject = someone(`${randomUUID()}${"\u{1f600}".repeat(55)}`);
      const decision = assigningDecision(subject, experiments[0] ?? "");
      await opened.sink.write([decision]);
      expect(await opened.history.load(environmentId, subject.subjectId)).toStrictEqual([assignmentOf(decision)]);
    });

    it("keeps environments apart", async () => {
      const other = opened.otherEnvironmentId;
      const [elsewhere = ""] = await storeExperiments(opened.configuration, other, 1);
      const subjectId = randomUUID();
      const here = assigningDecision(someone(subjectId), experiments[0] ?? "");
      const there = assigningDecision({ environmentId: other, subjectId }, elsewhere);
      await opened.sink.write([here, there]);
      expect(await opened.history.load(environmentId, subjectId)).toStrictEqual([assignmentOf(here)]);
      expect(await opened.history.load(other, subjectId)).toStrictEqual([assignmentOf(there)]);
    });
  });
}
