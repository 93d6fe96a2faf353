import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  EXPOSURE_EVENT_TYPE,
  type EventLog,
  type EventOutcome,
  type EventRecord,
  type EventRecorder,
  type EventSink,
  type KeptEvent,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assigningDecision,
  sampleDecision,
  STORE_NOW,
  storeExperiments,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";
import { sampleEvent, sampleExposure, type StoredFromEvents } from "./event-store-fixture.ts";

/** A recorder of events to be tested, with what it takes to see what became of them. */
export interface OpenedEventRecorder extends Pick<
  OpenedDecisionStore,
  "configuration" | "sink" | "otherEnvironmentId" | "close"
> {
  readonly events: { readonly recorder: EventRecorder; readonly sink: EventSink; readonly log: EventLog };
  readonly stored: StoredFromEvents;
}

const ACCEPTED: EventOutcome = { status: "accepted", pending: false };
const PENDING: EventOutcome = { status: "accepted", pending: true };
const REPEATED: EventOutcome = { status: "duplicate", conflict: false };
const CONFLICT: EventOutcome = { status: "duplicate", conflict: true };

/** Registers the tests that everything that keeps events passes. One store serves all of them. */
export function describeEventRecorder(name: string, open: () => Promise<OpenedEventRecorder>): void {
  describe(`keeping events ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedEventRecorder;
    let experiments: readonly string[];
    beforeAll(async () => {
      opened = await open();
      experiments = await storeExperiments(opened.configuration, environmentId, 2);
    });
    afterAll(() => opened.close());

    const record = (...events: readonly EventRecord[]): Promise<readonly EventOutcome[]> =>
      opened.events.recorder.record(events);
    const kept = async (subjectId: string, within = environmentId): Promise<readonly EventRecord[]> => {
      const { events } = await opened.events.log.list({ environmentId: within, subjectId, limit: 5_000 });
      return events.map(withoutState);
    };

    it("takes nothing", async () => {
      expect(await record()).toStrictEqual([]);
    });

    it("keeps every field", async () => {
      const subjectId = randomUUID();
      const events = [
        sampleEvent({ subjectId, value: 0.1, properties: { a: [1, { b: null }], c: "\ufeffx", d: "a\\u0000" } }),
        sampleEvent({ subjectId, value: -1e-300, decisionId: randomUUID(), occurredAt: STORE_NOW - 1 }),
        sampleEvent({ subjectId, value: 9_007_199_254_740_991, occurredAt: STORE_NOW - 2, eventType: "other" }),
        sampleEvent({ subjectId, value: 0, occurredAt: STORE_NOW - 3 }),
      ];
      expect(await record(...events)).toStrictEqual(events.map(() => ACCEPTED));
      expect(await kept(subjectId)).toStrictEqual(events);
    });

    it("keeps texts byte by byte", async () => {
      const tag = randomUUID();
      const events = TREACHEROUS_TEXTS.map((text) =>
        sampleEvent({
          eventId: `${text}${tag}`,
          subjectId: `${tag}${text}`,
          eventType: text,
          properties: { [text]: text },
        }),
      );
      await record(...events);
      for (const event of events) expect(await kept(event.subjectId)).toStrictEqual([event]);
    });

    it("keeps an event once, in a batch, across batches and with others at once", async () => {
      const event = sampleEvent();
      expect(await record(event, event)).toStrictEqual([ACCEPTED, REPEATED]);
      expect(await record(event)).toStrictEqual([REPEATED]);
      const another = sampleEvent({ subjectId: event.subjectId });
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => record(another)));
      expect(outcomes.flat().filter(({ status }) => status === "accepted")).toHaveLength(1);
      expect(await kept(event.subjectId)).toHaveLength(2);
    });

    it("says when an id is used for something else, and keeps what there is", async () => {
      const event = sampleEvent({ value: 1, properties: { a: 1, b: 2 } });
      await record(event);
      const again = { ...event, receivedAt: event.receivedAt + 5, properties: { b: 2, a: 1 } };
      const others: readonly Partial<EventRecord>[] = [
        { value: 2 },
        { value: null },
        { subjectId: randomUUID() },
        { eventType: "refund" },
        { decisionId: randomUUID() },
        { occurredAt: event.occurredAt + 1 },
        { properties: { a: 1 } },
      ];
      expect(await record(again, ...others.map((fields) => ({ ...event, ...fields })))).toStrictEqual([
        REPEATED,
        ...others.map(() => CONFLICT),
      ]);
      expect(await kept(event.subjectId)).toStrictEqual([event]);
    });

    it("takes an event again for the same whose time was that of its arrival", async () => {
      const event = sampleEvent({ occurredAt: STORE_NOW, receivedAt: STORE_NOW });
      await record(event);
      const later = STORE_NOW + 60_000_000;
      expect(await record({ ...event, occurredAt: later, receivedAt: later })).toStrictEqual([REPEATED]);
    });

    it("lets other environments have events of the same id", async () => {
      const event = sampleEvent();
      const elsewhere = { ...event, environmentId: opened.otherEnvironmentId, value: 7 };
      expect(await record(event, elsewhere)).toStrictEqual([ACCEPTED, ACCEPTED]);
      expect(await kept(event.subjectId)).toStrictEqual([event]);
      expect(await kept(event.subjectId, opened.otherEnvironmentId)).toStrictEqual([elsewhere]);
    });

    it("takes thousands at once, whatever the order in which rivals bring them", async () => {
      const subjects = Array.from({ length: 40 }, () => randomUUID());
      const events = Array.from({ length: 2_400 }, (_, index) =>
        sampleEvent({ subjectId: subjects[index % 40] ?? "" }),
      );
      const outcomes = await Promise.all([record(...events), record(...events.toReversed())]);
      expect(outcomes.flat().filter(({ status }) => status === "accepted")).toHaveLength(events.length);
      for (const subjectId of subjects) expect(await kept(subjectId)).toHaveLength(60);
    });

    it("notes whom to measure anew, since the oldest event that is in no measure", async () => {
      const { subjectId, ...event } = sampleEvent();
      await record({ ...event, subjectId, receivedAt: STORE_NOW + 2 });
      await record(sampleEvent({ subjectId, receivedAt: STORE_NOW + 1 }));
      expect(await opened.stored.toFoldSince(environmentId, subjectId)).toBe(STORE_NOW + 1);
      await opened.stored.fold(environmentId, subjectId);
      await record({ ...event, subjectId });
      expect(await opened.stored.toFoldSince(environmentId, subjectId)).toBeNull();
      await record(sampleEvent({ subjectId, receivedAt: STORE_NOW + 9 }));
      expect(await opened.stored.toFoldSince(environmentId, subjectId)).toBe(STORE_NOW + 9);
    });

    describe("of exposures", () => {
      const subject = (): { readonly environmentId: string; readonly subjectId: string } => ({
        environmentId,
        subjectId: randomUUID(),
      });

      it("counts the first, and keeps what results can be split by", async () => {
        const decision = assigningDecision(subject(), experiments[0] ?? "");
        await opened.sink.write([decision]);
        const late = sampleExposure(decision, { occurredAt: STORE_NOW + 9, properties: { page: "late" } });
        const early = sampleExposure(decision, {
          occurredAt: STORE_NOW + 5,
          properties: { page: "early", n: 1, l: [] },
        });
        expect(await record(late)).toStrictEqual([ACCEPTED]);
        expect(await record(early)).toStrictEqual([ACCEPTED]);
        expect(await opened.stored.firstExposures(environmentId, decision.subjectId)).toStrictEqual([
          {
            experimentId: decision.experimentId,
            subjectId: decision.subjectId,
            variantId: decision.variantId,
            firstExposedAt: STORE_NOW + 5,
            decisionId: decision.decisionId,
            eventId: early.eventId,
            several: false,
            segments: { n: "1", page: "early" },
          },
        ]);
      });

      it("counts each experiment of a subject by itself, and notes several variants of one", async () => {
        const someone = subject();
        const [first, again, other] = [experiments[0], experiments[0], experiments[1]].map((id) =>
          assigningDecision(someone, id ?? ""),
        );
        const decisions = [first, again, other].filter((each) => each !== undefined);
        await opened.sink.write(decisions);
        await record(...decisions.map((decision) => sampleExposure(decision)));
        const exposures = await opened.stored.firstExposures(environmentId, someone.subjectId);
        expect(new Map(exposures.map(({ experimentId, several }) => [experimentId, several]))).toStrictEqual(
          new Map([
            [experiments[0], true],
            [experiments[1], false],
          ]),
        );
      });

      it("refuses those of another subject, of another environment and of nothing that was assigned", async () => {
        const decision = assigningDecision(subject(), experiments[0] ?? "");
        const unassigned = sampleDecision(subject());
        await opened.sink.write([decision, unassigned]);
        const stranger = sampleExposure({ ...decision, subjectId: randomUUID() });
        const elsewhere = sampleExposure({ ...decision, environmentId: opened.otherEnvironmentId });
        const neighbour = sampleEvent();
        expect(await record(stranger, elsewhere, sampleExposure(unassigned), neighbour)).toStrictEqual([
          { status: "rejected", code: "wrong_subject" },
          { status: "rejected", code: "wrong_subject" },
          { status: "rejected", code: "not_assigned" },
          ACCEPTED,
        ]);
        expect(await kept(stranger.subjectId)).toStrictEqual([]);
        expect(await kept(neighbour.subjectId)).toStrictEqual([neighbour]);
      });

      it("lets the id of a refused one be used by one that is right, in the same batch as well", async () => {
        const decision = assigningDecision(subject(), experiments[0] ?? "");
        await opened.sink.write([decision]);
        const right = sampleExposure(decision);
        const wrong = { ...right, subjectId: randomUUID() };
        expect(await record(wrong, right, right)).toStrictEqual([
          { status: "rejected", code: "wrong_subject" },
          ACCEPTED,
          REPEATED,
        ]);
      });

      it("keeps those that do not fit if they were acknowledged before, as such that never count", async () => {
        const decision = assigningDecision(subject(), experiments[0] ?? "");
        const unassigned = sampleDecision(subject());
        await opened.sink.write([decision, unassigned]);
        const right = sampleExposure(decision);
        const stranger = sampleExposure({ ...decision, subjectId: randomUUID() });
        const nothing = sampleExposure(unassigned);
        const early = sampleExposure({ ...decision, decisionId: randomUUID() });
        const neighbour = sampleEvent();
        const write = (): Promise<readonly EventOutcome[]> =>
          opened.events.sink.write([right, stranger, nothing, early, neighbour]);
        expect(await write()).toStrictEqual([
          ACCEPTED,
          { status: "rejected", code: "wrong_subject" },
          { status: "rejected", code: "not_assigned" },
          PENDING,
          ACCEPTED,
        ]);
        expect(await write()).toStrictEqual([REPEATED, REPEATED, REPEATED, REPEATED, REPEATED]);
        const stateOf = async (event: EventRecord): Promise<unknown> => {
          const { events } = await opened.events.log.list({ environmentId, subjectId: event.subjectId, limit: 9 });
          return events.find(({ eventId }) => eventId === event.eventId)?.exposure;
        };
        expect(await stateOf(right)).toBe("counted");
        expect(await stateOf(stranger)).toBe("wrong_subject");
        expect(await stateOf(nothing)).toBe("not_assigned");
        expect(await stateOf(early)).toBe("pending");
        expect(await opened.stored.firstExposures(environmentId, stranger.subjectId)).toStrictEqual([]);
        expect(await opened.stored.firstExposures(environmentId, nothing.subjectId)).toStrictEqual([]);
      });

      it("writes nothing where there is nothing", async () => {
        expect(await opened.events.sink.write([])).toStrictEqual([]);
      });

      it("keeps those whose decision is not on record yet, and says that they wait", async () => {
        const decision = assigningDecision(subject(), experiments[0] ?? "");
        const exposure = sampleExposure(decision);
        expect(await record(exposure, exposure, sampleEvent())).toStrictEqual([PENDING, REPEATED, ACCEPTED]);
        expect(await opened.stored.firstExposures(environmentId, decision.subjectId)).toStrictEqual([]);
        const { events } = await opened.events.log.list({ environmentId, subjectId: decision.subjectId, limit: 9 });
        expect(events.map((event) => event.exposure)).toStrictEqual(["pending"]);
      });
    });
  });
}

function withoutState({ exposure, ...event }: KeptEvent): EventRecord {
  expect(exposure === null).toBe(event.eventType !== EXPOSURE_EVENT_TYPE);
  return event;
}
