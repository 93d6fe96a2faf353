import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  isErasedSubjectId,
  MICROS_PER_DAY,
  type DecisionRecord,
  type EventRetention,
  type PendingExposures,
  type PendingProgress,
} from "@lotty/domain";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sampleLink } from "./control-plane-store.ts";
import {
  assigningDecision,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";
import type { OpenedEventRecorder } from "./event-recorder.ts";
import { sampleEvent, sampleExposure } from "./event-store-fixture.ts";

/** Everything that is done with events after they were kept. */
export interface OpenedEventStore extends OpenedEventRecorder, Pick<OpenedDecisionStore, "eraser" | "storedDecisions"> {
  readonly events: OpenedEventRecorder["events"] & {
    readonly pendingExposures: PendingExposures;
    readonly retention: EventRetention;
  };
}

const SECOND = 1_000_000;

/** Registers the tests of what becomes of events after they were kept. One store serves all of them. */
export function describeExposureLife(name: string, open: () => Promise<OpenedEventStore>): void {
  describe(`events that are kept ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedEventStore;
    let experimentId: string;
    /** Each test has an hour of its own, so that whatever others left waiting is not due, or is over. */
    let now = STORE_NOW;
    beforeAll(async () => {
      opened = await open();
      [experimentId = ""] = await storeExperiments(opened.configuration, environmentId, 1);
    });
    afterAll(() => opened.close());
    beforeEach(async () => {
      await opened.events.pendingExposures.resolve({
        now: now + MICROS_PER_DAY,
        giveUpBefore: now + MICROS_PER_DAY,
        limit: 99,
      });
      now += 3_600 * SECOND;
    });

    const decided = (): DecisionRecord => assigningDecision({ environmentId, subjectId: randomUUID() }, experimentId);
    const resolve = (seconds: number, giveUpBefore = 0): Promise<PendingProgress> =>
      opened.events.pendingExposures.resolve({ now: now + seconds * SECOND, giveUpBefore, limit: 10 });
    const statesOf = async (subjectId: string): Promise<readonly (string | null)[]> => {
      const { events } = await opened.events.log.list({ environmentId, subjectId, limit: 100 });
      return events.map(({ exposure }) => exposure);
    };
    const NOTHING: PendingProgress = { counted: 0, refused: 0, expired: 0, waiting: 0 };

    it("let an exposure count once its decision is on record, and note whom to measure anew", async () => {
      const decision = decided();
      const exposure = sampleExposure(decision, { occurredAt: now - 5, receivedAt: now, properties: { page: "a" } });
      await opened.events.recorder.record([exposure]);
      await opened.stored.fold(environmentId, decision.subjectId);
      expect(await resolve(1)).toStrictEqual(NOTHING);
      expect(await resolve(2)).toStrictEqual({ ...NOTHING, waiting: 1 });
      expect(await opened.events.pendingExposures.waiting()).toBe(1);
      await opened.sink.write([decision]);
      expect(await resolve(3)).toStrictEqual(NOTHING);
      expect(await resolve(4)).toStrictEqual({ ...NOTHING, counted: 1 });
      expect(await opened.stored.firstExposures(environmentId, decision.subjectId)).toMatchObject([
        { variantId: decision.variantId, firstExposedAt: now - 5, eventId: exposure.eventId, segments: { page: "a" } },
      ]);
      expect(await opened.stored.toFoldSince(environmentId, decision.subjectId)).toBe(now);
      expect(await statesOf(decision.subjectId)).toStrictEqual(["counted"]);
      expect(await resolve(3_600)).toStrictEqual(NOTHING);
    });

    it("tell why an exposure never counts", async () => {
      const [ofAnother, late] = [decided(), decided()];
      const unassigned = sampleDecision(decided(), { experimentId: null, variantId: null });
      const subjectId = randomUUID();
      const exposures = [
        sampleExposure({ ...ofAnother, subjectId }, { receivedAt: now }),
        sampleExposure(unassigned, { receivedAt: now }),
        sampleExposure({ ...late, subjectId }, { receivedAt: now }),
      ];
      await opened.events.recorder.record(exposures);
      await opened.sink.write([ofAnother, unassigned]);
      expect(await resolve(2, now + 1)).toStrictEqual({ ...NOTHING, refused: 2, expired: 1 });
      expect(new Set(await statesOf(subjectId))).toStrictEqual(new Set(["expired", "wrong_subject"]));
      expect(await statesOf(unassigned.subjectId)).toStrictEqual(["not_assigned"]);
      await opened.sink.write([late]);
      expect(await resolve(3_600)).toStrictEqual(NOTHING);
    });

    it("look for decisions less and less often", async () => {
      await opened.events.recorder.record([sampleExposure(decided(), { receivedAt: now })]);
      const looks: number[] = [];
      for (let second = 0; second <= 60; second += 1) if ((await resolve(second)).waiting === 1) looks.push(second);
      expect(looks).toStrictEqual([2, 4, 6, 8, 10, 13, 17, 22, 28, 35, 44, 55]);
    });

    it("let several processes look at once, each at others", async () => {
      const decisions = Array.from({ length: 40 }, decided);
      await opened.events.recorder.record(decisions.map((decision) => sampleExposure(decision, { receivedAt: now })));
      await opened.sink.write(decisions);
      const all = await Promise.all(Array.from({ length: 8 }, () => resolve(2)));
      const rest = await Promise.all(Array.from({ length: 4 }, () => resolve(2)));
      const counted = [...all, ...rest].reduce((sum, progress) => sum + progress.counted, 0);
      expect(counted).toBe(40);
    });

    it("go when they are too old, a few at a time, and what was made of them stays", async () => {
      const decision = decided();
      await opened.sink.write([decision]);
      const { subjectId } = decision;
      const early = now - 3_650 * MICROS_PER_DAY;
      const old = Array.from({ length: 5 }, (_, index) => sampleEvent({ subjectId, receivedAt: early + index }));
      const kept = sampleEvent({ subjectId, receivedAt: early + 5 });
      const pending = sampleExposure({ ...decided(), subjectId }, { receivedAt: early });
      await opened.events.recorder.record([...old, kept, pending, sampleExposure(decision, { receivedAt: early })]);
      const removeBefore = (before: number, limit: number): Promise<number> =>
        opened.events.retention.removeBefore(before, limit);
      expect(await removeBefore(early + 5, 4)).toBe(4);
      expect(await removeBefore(early + 5, 4)).toBe(3);
      expect(await removeBefore(early + 5, 4)).toBe(0);
      const { events } = await opened.events.log.list({ environmentId, subjectId, limit: 100 });
      expect(events.map(({ eventId }) => eventId)).toStrictEqual([kept.eventId]);
      expect(await opened.stored.firstExposures(environmentId, subjectId)).toHaveLength(1);
      expect(await opened.events.pendingExposures.waiting()).toBe(0);
    });

    it("become those of a pseudonym, without what they say about anybody, when their subject is erased", async () => {
      const decision = decided();
      const { subjectId } = decision;
      await opened.sink.write([decision]);
      const conversion = sampleEvent({ subjectId, value: 3, properties: { email: "ada@example.com" } });
      const exposure = sampleExposure(decision, { properties: { email: "ada@example.com" } });
      const pending = sampleExposure({ ...decided(), subjectId }, { properties: { email: "ada@example.com" } });
      const elsewhere = { ...sampleEvent({ subjectId }), environmentId: opened.otherEnvironmentId };
      await opened.events.recorder.record([conversion, exposure, pending, elsewhere]);
      const erasure = await opened.eraser.erase({ environmentId, subjectId, by: "somebody", at: now }, () =>
        sampleLink("subject.erase"),
      );
      expect(erasure).toMatchObject({ decisions: 1, events: 3 });
      expect(await opened.eraser.erasuresOf(environmentId, subjectId)).toStrictEqual([erasure]);
      expect(await statesOf(subjectId)).toStrictEqual([]);
      expect(await opened.stored.firstExposures(environmentId, subjectId)).toStrictEqual([]);
      const [anonymous] = await opened.storedDecisions([decision.decisionId]);
      const pseudonym = anonymous?.subjectId ?? "";
      expect(isErasedSubjectId(pseudonym)).toBe(true);
      const { events } = await opened.events.log.list({ environmentId, subjectId: pseudonym, limit: 100 });
      expect(new Map(events.map(({ eventId, properties, value }) => [eventId, [properties, value]]))).toStrictEqual(
        new Map([
          [conversion.eventId, [{}, 3]],
          [exposure.eventId, [{}, null]],
          [pending.eventId, [{}, null]],
        ]),
      );
      expect(await opened.stored.firstExposures(environmentId, pseudonym)).toMatchObject([{ segments: {} }]);
      for (const each of [subjectId, pseudonym]) {
        expect(await opened.stored.toFoldSince(environmentId, each)).not.toBeNull();
      }
      const others = await opened.events.log.list({ environmentId: opened.otherEnvironmentId, subjectId, limit: 9 });
      expect(others.events).toHaveLength(1);
    });
  });
}
