import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, isErasedSubjectId, MICROS_PER_DAY, type DecisionRecord } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { erasureOnRecord } from "../fakes/plain-audit-linker.ts";
import {
  assigningDecision,
  assignmentOf,
  byDecisionId,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";

/** An eraser to be tested, with what it takes to see what became of a subject. */
export type OpenedSubjectEraser = Pick<
  OpenedDecisionStore,
  | "configuration"
  | "eraser"
  | "entries"
  | "history"
  | "log"
  | "recorder"
  | "sink"
  | "storedDecisions"
  | "otherEnvironmentId"
  | "close"
>;

/** Registers the tests that everything that erases subjects passes. One store serves all of them. */
export function describeSubjectEraser(name: string, open: () => Promise<OpenedSubjectEraser>): void {
  describe(`erasing subjects ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedSubjectEraser;
    let experiments: readonly string[];
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 2);
    });
    afterAll(() => opened.close());

    const order = { by: "somebody", at: STORE_NOW };
    const digest = "0123456789abcdef".repeat(4);
    const stored = async (decisions: readonly DecisionRecord[]): Promise<readonly DecisionRecord[]> =>
      byDecisionId(await opened.storedDecisions(decisions.map(({ decisionId }) => decisionId)));

    /** Decisions on several days, some of which have a partition. */
    function decisionsOf(subjectId: string): readonly DecisionRecord[] {
      const subject = { environmentId, subjectId };
      return byDecisionId([
        ...[0, 1, 2, 3].map((day) =>
          sampleDecision(subject, { decidedAt: STORE_NOW + day * MICROS_PER_DAY, attributesDigest: digest }),
        ),
        ...experiments.map((id) => assigningDecision(subject, id, { attributesDigest: digest })),
      ]);
    }

    it("makes decisions anonymous under one pseudonym, and leaves everything else of them", async () => {
      const subjectId = randomUUID();
      const decisions = decisionsOf(subjectId);
      await opened.sink.write(decisions);
      expect(await opened.eraser.erase({ environmentId, subjectId, ...order }, erasureOnRecord)).toMatchObject({
        ...order,
        decisions: 6,
        assignments: 2,
      });
      const after = await stored(decisions);
      const [pseudonym, ...others] = new Set(after.map((each) => each.subjectId));
      expect(others).toStrictEqual([]);
      expect(isErasedSubjectId(pseudonym ?? "")).toBe(true);
      expect(after).toStrictEqual(decisions.map((each) => ({ ...each, subjectId: pseudonym, attributesDigest: null })));
      expect(await opened.history.load(environmentId, subjectId)).toStrictEqual([]);
    });

    it("touches no other subject, however like it, and no other environment", async () => {
      const tag = randomUUID();
      const [subjectId = "", ...likes] = TREACHEROUS_TEXTS.map((text) => `${text}${tag}${text}`);
      const kept = likes.flatMap(decisionsOf);
      const elsewhere = sampleDecision({ environmentId: opened.otherEnvironmentId, subjectId });
      await opened.sink.write([...decisionsOf(subjectId), ...kept, elsewhere]);
      await opened.eraser.erase({ environmentId, subjectId, ...order }, erasureOnRecord);
      expect(await stored([...kept, elsewhere])).toStrictEqual(byDecisionId([...kept, elsewhere]));
      for (const like of likes) expect(await opened.history.load(environmentId, like)).toHaveLength(2);
    });

    it("gives every erasure another pseudonym, so that what came afterwards is not tied to what was before", async () => {
      const subjectId = randomUUID();
      const [first, second] = [decisionsOf(subjectId), decisionsOf(subjectId)];
      await opened.sink.write(first);
      await opened.eraser.erase({ environmentId, subjectId, ...order }, erasureOnRecord);
      await opened.sink.write(second);
      await opened.eraser.erase({ environmentId, subjectId, ...order }, erasureOnRecord);
      const pseudonyms = (await stored([...first, ...second])).map((each) => each.subjectId);
      expect(new Set(pseudonyms).size).toBe(2);
    });

    it("may be repeated, and notes every time with the number of rows, for who knows the id", async () => {
      const subjectId = randomUUID();
      expect(await opened.eraser.erasuresOf(environmentId, subjectId)).toStrictEqual([]);
      await opened.sink.write(decisionsOf(subjectId));
      const first = await opened.eraser.erase({ environmentId, subjectId, ...order }, erasureOnRecord);
      const second = await opened.eraser.erase(
        { environmentId, subjectId, by: "another", at: STORE_NOW + 1 },
        erasureOnRecord,
      );
      expect(second).toMatchObject({ decisions: 0, assignments: 0 });
      expect(await opened.eraser.erasuresOf(environmentId, subjectId)).toStrictEqual([second, first]);
      expect(await opened.eraser.erasuresOf(opened.otherEnvironmentId, subjectId)).toStrictEqual([]);
      expect(await opened.eraser.erasuresOf(environmentId, `${subjectId} `)).toStrictEqual([]);
    });

    it("puts every erasure on record, with nothing of whom it was about", async () => {
      const subjectId = randomUUID();
      await opened.sink.write(decisionsOf(subjectId));
      const erasure = await opened.eraser.erase({ environmentId, subjectId, ...order }, erasureOnRecord);
      const entries = await opened.entries();
      expect(entries.at(-1)).toMatchObject({
        action: "subject.erase",
        entity: { kind: "subject", id: erasure.erasureId },
        after: { decisions: 6, assignments: 2, events: 0 },
      });
      expect(JSON.stringify(entries)).not.toContain(subjectId);
    });

    it("leaves everything as it is when the entry cannot be made", async () => {
      const subjectId = randomUUID();
      const decisions = decisionsOf(subjectId);
      await opened.sink.write(decisions);
      const before = await opened.entries();
      const broken = opened.eraser.erase({ environmentId, subjectId, ...order }, () => () => {
        throw new RangeError("no entry");
      });
      await expect(broken).rejects.toThrow("no entry");
      expect(await stored(decisions)).toStrictEqual(decisions);
      expect(await opened.history.load(environmentId, subjectId)).toHaveLength(2);
      expect(await opened.eraser.erasuresOf(environmentId, subjectId)).toStrictEqual([]);
      expect(await opened.entries()).toStrictEqual(before);
    });

    it("lets the subject be decided afresh, and nobody go on with what was before", async () => {
      const subject = { environmentId, subjectId: randomUUID() };
      const [experimentId = ""] = experiments;
      const before = assigningDecision(subject, experimentId);
      await opened.recorder.record({ ...subject, decisions: [before], basedOn: [] });
      await opened.eraser.erase({ ...subject, ...order }, erasureOnRecord);
      const repeated = assigningDecision(subject, experimentId);
      // From the decision cache, or on a history that was kept: both are told what there is now.
      for (const basedOn of [null, [assignmentOf(before)]]) {
        const outcome = await opened.recorder.record({ ...subject, decisions: [repeated], basedOn });
        expect(outcome).toStrictEqual({ status: "history_changed", history: [] });
      }
      const afresh = assigningDecision(subject, experimentId);
      expect(await opened.recorder.record({ ...subject, decisions: [afresh], basedOn: [] })).toStrictEqual({
        status: "committed",
      });
      expect(await opened.history.load(environmentId, subject.subjectId)).toStrictEqual([assignmentOf(afresh)]);
    });
  });
}
