import { beforeEach, describe, expect, it } from "vitest";
import type { ModelEvent } from "../world/random-events.ts";
import { EventCounter, type EventAttempt, type EventResult } from "./count-events.ts";

const EVENT: ModelEvent = { id: "e1", subject: "ada", value: 5, at: 1_800_000_000_000 };
const OTHER: ModelEvent = { ...EVENT, value: 6 };
const ACCEPTED: EventResult = { status: "accepted", conflict: false };
const DUPLICATE: EventResult = { status: "duplicate", conflict: false };
const CONFLICT: EventResult = { status: "duplicate", conflict: true };

let counter: EventCounter;

beforeEach(() => {
  counter = new EventCounter(() => false);
});

function sent(event: ModelEvent, result: EventResult | null, given: Partial<EventAttempt> = {}): EventAttempt {
  return {
    batch: { environment: "production", events: [event] },
    process: "api-1",
    startedAt: 10,
    endedAt: 20,
    results: result === null ? null : [result],
    durability: result === null ? null : "committed",
    ...given,
  };
}

function kinds(attempts: readonly EventAttempt[], rows: readonly ModelEvent[]): readonly string[] {
  return [...counter.add(attempts), ...counter.finish(rows)].map(({ kind }) => kind);
}

describe("counting events finds nothing", () => {
  it("when what was accepted is there, once, and repetitions are called so", () => {
    expect(kinds([sent(EVENT, ACCEPTED), sent(EVENT, DUPLICATE), sent(OTHER, CONFLICT)], [EVENT])).toEqual([]);
    expect(counter.counts).toEqual({ sent: 3, accepted: 1, duplicates: 2, ownDuplicates: 0, rows: 1 });
  });

  it("whether an event whose answer was lost was kept or not", () => {
    expect(kinds([sent(EVENT, null)], [])).toEqual([]);
    expect(kinds([sent(EVENT, null), sent(EVENT, DUPLICATE)], [EVENT])).toEqual([]);
  });

  it("when a stream takes an event twice and keeps it once", () => {
    counter = new EventCounter(() => true);
    const queued = { durability: "queued" };
    expect(kinds([sent(EVENT, ACCEPTED, queued), sent(OTHER, ACCEPTED, queued)], [OTHER])).toEqual([]);
  });
});

describe("an event that is called a duplicate though nobody had sent it", () => {
  const sendings = [sent(EVENT, DUPLICATE)];

  it("had been taken although it seemed not to, which is counted", () => {
    counter = new EventCounter(() => true);
    expect(kinds(sendings, [EVENT])).toEqual([]);
    expect(counter.counts.ownDuplicates).toBe(1);
  });

  it("is a fault where nothing is given twice, and when it says something else", () => {
    expect(kinds(sendings, [EVENT])).toEqual(["wrong answer to an event"]);
    counter = new EventCounter(() => true);
    expect(kinds([sent(EVENT, CONFLICT)], [EVENT])).toEqual(["wrong answer to an event"]);
  });
});

describe("counting events finds", () => {
  it("an accepted event that is not there, and a duplicate of nothing", () => {
    expect(kinds([sent(EVENT, ACCEPTED)], [])).toEqual(["missing event"]);
    expect(kinds([sent({ ...EVENT, id: "e2" }, DUPLICATE)], [EVENT, { ...EVENT, id: "e2" }])).toContain(
      "wrong answer to an event",
    );
  });

  it("an event that is there twice, or was taken for new twice", () => {
    expect(kinds([sent(EVENT, ACCEPTED)], [EVENT, EVENT])).toEqual(["duplicate event"]);
    expect(kinds([sent(EVENT, ACCEPTED)], [EVENT])).toEqual(["duplicate event"]);
  });

  it("an event that is not as anybody sent it, or that nobody sent", () => {
    expect(kinds([sent(EVENT, null)], [OTHER])).toEqual(["wrong event"]);
    expect(kinds([], [{ ...EVENT, id: "e3" }])).toContain("event that nobody sent");
  });

  it("a repetition whose difference is not told, and a rejection", () => {
    expect(kinds([sent(EVENT, ACCEPTED), sent(OTHER, DUPLICATE)], [EVENT])).toEqual(["wrong answer to an event"]);
    expect(kinds([sent(EVENT, { status: "rejected", conflict: false })], [EVENT])).toContain(
      "wrong answer to an event",
    );
  });
});
