import { randomUUID } from "node:crypto";
import { DECISION_REASONS, DEFAULT_ENVIRONMENT_ID, type DecisionRecord } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assigningDecision,
  assignmentOf,
  byDecisionId,
  byExperiment,
  sampleDecision,
  sampleDecisionId,
  STORE_NOW,
  storeExperiments,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
  type SampleSubject,
} from "./decision-store-fixture.ts";

/** A sink to be tested, with what it takes to see what became of the decisions. */
export type OpenedDecisionSink = Pick<
  OpenedDecisionStore,
  "configuration" | "history" | "sink" | "storedDecisions" | "close"
>;

/** Registers the tests that every decision sink passes. One store serves all of them. */
export function describeDecisionSink(name: string, open: () => Promise<OpenedDecisionSink>): void {
  describe(`decision sink ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedDecisionSink;
    let experiments: readonly string[];
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 3);
    });
    afterAll(() => opened.close());

    const someone = (): SampleSubject => ({ environmentId, subjectId: randomUUID() });
    const stored = async (decisions: readonly DecisionRecord[]): Promise<readonly DecisionRecord[]> =>
      byDecisionId(await opened.storedDecisions(decisions.map(({ decisionId }) => decisionId)));

    it("takes nothing", async () => {
      await expect(opened.sink.write([])).resolves.toBeUndefined();
    });

    it("keeps every field of every kind of decision", async () => {
      const decisions = DECISION_REASONS.map((reason, index) =>
        assigningDecision(someone(), experiments[0] ?? "", {
          reason,
          ruleId: index % 2 === 0 ? randomUUID() : null,
          decidedAt: STORE_NOW + index,
          flagVersion: 2_147_483_647,
          experimentVersion: index,
          attributesDigest: "0123456789abcdef".repeat(4),
        }),
      );
      await opened.sink.write([...decisions, sampleDecision(someone())]);
      expect(await stored(decisions)).toStrictEqual(byDecisionId(decisions));
      const unassigned = decisions
        .filter(({ reason }) => reason !== "experiment_assigned")
        .map((decision) => ({ ...decision, decisionId: sampleDecisionId(decision.decidedAt) }));
      await opened.sink.write(unassigned);
      expect(await stored(unassigned)).toStrictEqual(byDecisionId(unassigned));
    });

    it("keeps texts byte by byte", async () => {
      const decisions = ["", ...TREACHEROUS_TEXTS].map((text) =>
        sampleDecision({ environmentId, subjectId: `s${text}` }, { value: text, flagKey: text }),
      );
      await opened.sink.write(decisions);
      expect(await stored(decisions)).toStrictEqual(byDecisionId(decisions));
    });

    it("takes thousands at once", async () => {
      const decisions = Array.from({ length: 2_501 }, (_, index) =>
        index % 3 === 0 ? assigningDecision(someone(), experiments[index % 2] ?? "") : sampleDecision(someone()),
      );
      await opened.sink.write(decisions);
      expect(await stored(decisions)).toStrictEqual(byDecisionId(decisions));
    });

    it("leaves decisions that exist already, and what follows from them, as they are", async () => {
      const subject = someone();
      const [experimentId = ""] = experiments;
      const first = assigningDecision(subject, experimentId);
      const second = sampleDecision(subject);
      await opened.sink.write([first]);
      const altered = { ...first, value: "another", variantId: randomUUID(), decidedAt: STORE_NOW + 1 };
      await opened.sink.write([altered, second, altered]);
      await opened.sink.write([second, first]);
      expect(await stored([first, second])).toStrictEqual(byDecisionId([first, second]));
      expect(await opened.history.load(environmentId, subject.subjectId)).toStrictEqual([assignmentOf(first)]);
    });

    it("writes decisions that assign nothing once, however often they come", async () => {
      const subject = someone();
      const [first, second] = [sampleDecision(subject), sampleDecision(subject)];
      await opened.sink.write([first]);
      await opened.sink.write([{ ...first, value: "another" }, second, { ...second, value: "another" }]);
      expect(await stored([first, second])).toStrictEqual(byDecisionId([first, second]));
      expect(await opened.history.load(environmentId, subject.subjectId)).toStrictEqual([]);
    });

    it("creates assignments whatever the subject takes part in", async () => {
      const subject = someone();
      const decisions = experiments.map((id) => assigningDecision(subject, id));
      await opened.sink.write(decisions.slice(0, 1));
      await opened.sink.write(decisions.slice(1));
      const history = await opened.history.load(environmentId, subject.subjectId);
      expect(byExperiment(history)).toStrictEqual(decisions.map(assignmentOf));
    });

    it.each(["flagKey", "subjectId", "value"] as const)(
      "writes nothing of a call with a %s that cannot be stored",
      async (field) => {
        for (const text of ["a\0b", "a\ud800b"]) {
          const good = Array.from({ length: 1_200 }, () => assigningDecision(someone(), experiments[0] ?? ""));
          const bad = sampleDecision(someone(), { [field]: text });
          const refused = opened.sink.write([...good.slice(0, 1_100), bad, ...good.slice(1_100)]);
          await expect(refused).rejects.toMatchObject({ code: "decision_rejected", retryable: false });
          expect(await stored(good)).toStrictEqual([]);
          expect(await opened.history.load(environmentId, good[0]?.subjectId ?? "")).toStrictEqual([]);
        }
      },
    );

    it("lets several writers write the same at once", async () => {
      const subjects = Array.from({ length: 20 }, someone);
      const decisions = subjects.flatMap((subject) => experiments.map((id) => assigningDecision(subject, id)));
      const orders = [decisions, decisions.toReversed(), decisions.toSorted((a, b) => a.value.localeCompare(b.value))];
      await Promise.all([...orders, ...orders].map((order) => opened.sink.write(order)));
      expect(await stored(decisions)).toStrictEqual(byDecisionId(decisions));
    });

    it("lets several writers write the same at once, some of it with assignments", async () => {
      const unassigned = Array.from({ length: 200 }, () => sampleDecision(someone()));
      const all = [...unassigned, assigningDecision(someone(), experiments[0] ?? "")];
      const orders = [unassigned, all, unassigned.toReversed(), all.toReversed()];
      await Promise.all([...orders, ...orders].map((order) => opened.sink.write(order)));
      expect(await stored(all)).toStrictEqual(byDecisionId(all));
    });
  });
}
