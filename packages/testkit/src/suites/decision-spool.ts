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
import { describeRecordSpool, type OpenedRecordSpool, type SpooledSamples } from "./record-spool.ts";

/** An empty spool to be tested. */
export interface OpenedDecisionSpool extends OpenedRecordSpool<DecisionRecord> {
  readonly spool: DecisionSpool;
}

const someone = (): SampleSubject => ({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: randomUUID() });

const SAMPLES: SpooledSamples<DecisionRecord> = {
  sample: (decidedAt) => sampleDecision(someone(), { decidedAt }),
  treacherous: () => [
    assigningDecision(someone(), randomUUID(), { attributesDigest: "0123456789abcdef".repeat(4) }),
    ...TREACHEROUS_TEXTS.map((text) => sampleDecision(someone(), { value: text, flagKey: text, ruleId: randomUUID() })),
    ...TREACHEROUS_TEXTS.map((text) =>
      sampleDecision({ ...someone(), subjectId: text }, { attributes: JSON.stringify({ [text]: text }) }),
    ),
  ],
};

/** Registers the tests that every decision spool passes. Each has a spool of its own. */
export function describeDecisionSpool(name: string, open: () => Promise<OpenedDecisionSpool>): void {
  describeRecordSpool(`of decisions ${name}`, SAMPLES, open);

  describe(`decision spool ${name}`, () => {
    let opened: OpenedDecisionSpool;
    let spool: DecisionSpool;
    beforeEach(async () => {
      opened = await open();
      spool = opened.spool;
    });
    afterEach(() => opened.close());

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
  });
}
