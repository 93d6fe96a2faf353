import { createHash, randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type DecisionRecord } from "@lotty/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { erasureOnRecord } from "../fakes/plain-audit-linker.ts";
import {
  assigningDecision,
  assignmentOf,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
  type SampleSubject,
} from "./decision-store-fixture.ts";

/** Recorded attributes to be tested, with what writes and erases them. */
export type OpenedRecordedAttributes = Pick<
  OpenedDecisionStore,
  "configuration" | "eraser" | "otherEnvironmentId" | "recordedAttributes" | "recorder" | "sink" | "close"
>;

/** Attributes as a decision brings them to the store. */
function inFull(attributes: object): Pick<DecisionRecord, "attributes" | "attributesDigest"> & { attributes: string } {
  const text = JSON.stringify(attributes);
  return { attributes: text, attributesDigest: createHash("sha256").update(text).digest("hex") };
}

/** Registers the tests that everything that records attributes passes. One store serves all of them. */
export function describeRecordedAttributes(name: string, open: () => Promise<OpenedRecordedAttributes>): void {
  describe(`recorded attributes ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedRecordedAttributes;
    let experiments: readonly string[];
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 2);
    });
    afterAll(() => opened.close());

    const someone = (): SampleSubject => ({ environmentId, subjectId: randomUUID() });
    const of = (decision: DecisionRecord) => opened.recordedAttributes.of(decision);
    const adult = inFull({ age: 40, email: "ada@example.com" });
    const minor = inFull({ age: 10 });

    it("are those of the decision, by whichever way it was written", async () => {
      const [experimentId = ""] = experiments;
      const subject = someone();
      const recorded = [assigningDecision(subject, experimentId, adult), sampleDecision(subject, adult)];
      const written = [sampleDecision(subject, minor), assigningDecision(someone(), experimentId, minor)];
      await opened.recorder.record({ ...subject, decisions: recorded, basedOn: [] });
      await opened.sink.write(written);
      for (const decision of recorded) expect(await of(decision)).toStrictEqual(JSON.parse(adult.attributes));
      for (const decision of written) expect(await of(decision)).toStrictEqual(JSON.parse(minor.attributes));
    });

    it("are none where the digest says so, and unknown where there is only a digest or not even one", async () => {
      const none = sampleDecision(someone(), { attributesDigest: inFull({}).attributesDigest });
      const hashed = sampleDecision(someone(), { attributesDigest: adult.attributesDigest });
      const silent = sampleDecision(someone());
      await opened.sink.write([none, hashed, silent]);
      expect(await of(none)).toStrictEqual({});
      expect(await of(hashed)).toBeNull();
      expect(await of(silent)).toBeNull();
    });

    it("belong to one subject in one environment, whoever else has the same", async () => {
      const tag = randomUUID();
      const [subjectId = "", ...likes] = TREACHEROUS_TEXTS.map((text) => `${text}${tag}${text}`);
      const decision = sampleDecision({ environmentId, subjectId }, adult);
      await opened.sink.write([decision]);
      for (const like of likes) expect(await of({ ...decision, subjectId: like })).toBeNull();
      expect(await of({ ...decision, environmentId: opened.otherEnvironmentId })).toBeNull();
    });

    it("come back as they were, whatever JSON they are", async () => {
      const value = fc.jsonValue({ maxDepth: 3, stringUnit: "binary" });
      await fc.assert(
        fc.asyncProperty(fc.dictionary(fc.constantFrom("a", "\ud800", "\0", '"', "é"), value), async (attributes) => {
          const given = inFull(attributes);
          const decision = sampleDecision(someone(), given);
          await opened.sink.write([decision]);
          expect(await of(decision)).toStrictEqual(JSON.parse(given.attributes));
        }),
        { numRuns: 50 },
      );
    });

    it("may be as large as a request", async () => {
      const large = inFull({ list: Array.from({ length: 2_000 }, () => randomUUID().slice(0, 24)) });
      const subject = someone();
      const decisions = Array.from({ length: 100 }, () => sampleDecision(subject, large));
      await opened.recorder.record({ ...subject, decisions, basedOn: null });
      for (const decision of decisions.slice(98))
        expect(await of(decision)).toStrictEqual(JSON.parse(large.attributes));
    });

    it("are kept with decisions of several days, in any order, and by writers at the same time", async () => {
      const subjects = Array.from({ length: 10 }, someone);
      const decisions = subjects.flatMap((subject) =>
        [0, 1, 0, -1].flatMap((day) =>
          [adult, minor].map((each) =>
            sampleDecision(subject, { ...each, decidedAt: STORE_NOW + day * MICROS_PER_DAY }),
          ),
        ),
      );
      await Promise.all([decisions, decisions.toReversed(), decisions].map((some) => opened.sink.write(some)));
      for (const decision of decisions) expect(await of(decision)).toStrictEqual(JSON.parse(decision.attributes ?? ""));
    });

    it("are not kept when their decisions are refused, and are with their neighbours", async () => {
      const [experimentId = "", other = ""] = experiments;
      const subject = someone();
      const held = assigningDecision(subject, experimentId);
      await opened.sink.write([held]);
      const refused = assigningDecision(subject, other, adult);
      const neighbour = sampleDecision(subject, minor);
      const outcomes = await Promise.all([
        opened.recorder.record({ ...subject, decisions: [refused], basedOn: [] }),
        opened.recorder.record({ ...subject, decisions: [neighbour], basedOn: null }),
      ]);
      expect(outcomes).toStrictEqual([
        { status: "history_changed", history: [assignmentOf(held)] },
        { status: "committed" },
      ]);
      expect(await of(refused)).toBeNull();
      expect(await of(neighbour)).toStrictEqual(JSON.parse(minor.attributes));
    });

    it("go with the subject when it is erased, and stay with others who have the same", async () => {
      const [erased, other] = [someone(), someone()];
      const decisions = [sampleDecision(erased, adult), sampleDecision(erased, minor), sampleDecision(other, adult)];
      await opened.sink.write(decisions);
      await opened.eraser.erase({ ...erased, by: "somebody", at: STORE_NOW }, erasureOnRecord);
      const found = await Promise.all(decisions.map(of));
      expect(found).toStrictEqual([null, null, JSON.parse(adult.attributes)]);
      // What arrives later is erased by the next erasure, as its decision is.
      await opened.sink.write([sampleDecision(erased, adult)]);
      expect(await of(sampleDecision(erased, adult))).toStrictEqual(JSON.parse(adult.attributes));
    });
  });
}
