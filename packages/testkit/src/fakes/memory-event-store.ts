import { isDeepStrictEqual } from "node:util";
import {
  compareCodePoints,
  EXPOSURE_EVENT_TYPE,
  exposureSegments,
  type DecisionRecord,
  type EventLog,
  type EventOutcome,
  type EventPage,
  type EventQuestion,
  type EventRecord,
  type EventRecorder,
  type EventSink,
  type ExposureState,
  type Instant,
  type KeptEvent,
  type LottyError,
} from "@lotty/domain";
import type { StoredExposure, StoredFromEvents } from "../suites/event-store-fixture.ts";
import type { MemoryDecisionStore } from "./memory-decision-store.ts";

/** Events and what follows from them in memory. Exposures are looked up in the decisions of a {@link MemoryDecisionStore}. */
export class MemoryEventStore implements EventRecorder, EventSink, EventLog, StoredFromEvents {
  readonly #decisions: Pick<MemoryDecisionStore, "decisions">;
  readonly #events = new Map<string, KeptEvent>();
  readonly #exposures = new Map<string, StoredExposure>();
  readonly #toFold = new Map<string, Instant>();
  #failure: LottyError | undefined;

  constructor(decisions: Pick<MemoryDecisionStore, "decisions"> = { decisions: [] }) {
    this.#decisions = decisions;
  }

  /** All events in the order in which they were kept. */
  get events(): readonly EventRecord[] {
    return [...this.#events.values()];
  }

  /** Makes every write of events fail with an error until called with `undefined`. */
  failWritesWith(error: LottyError | undefined): void {
    this.#failure = error;
  }

  async record(events: readonly EventRecord[]): Promise<readonly EventOutcome[]> {
    if (this.#failure !== undefined) throw this.#failure;
    return events.map((event) => this.#recordOne(event, "strict"));
  }

  async write(events: readonly EventRecord[]): Promise<readonly EventOutcome[]> {
    if (this.#failure !== undefined) throw this.#failure;
    return events.map((event) => this.#recordOne(event, "lenient"));
  }

  async list({ after, environmentId, eventType, from, limit, subjectId, to }: EventQuestion): Promise<EventPage> {
    const found = [...this.#events.values()]
      .filter(
        (event) =>
          event.environmentId === environmentId &&
          event.subjectId === subjectId &&
          (eventType === undefined || event.eventType === eventType) &&
          (from === undefined || event.occurredAt >= from) &&
          (to === undefined || event.occurredAt < to) &&
          (after === undefined || latestFirst(after, event) < 0),
      )
      .sort(latestFirst);
    const events = found.slice(0, limit);
    const last = found.length > limit ? events.at(-1) : undefined;
    return { events, next: last === undefined ? null : { occurredAt: last.occurredAt, eventId: last.eventId } };
  }

  async firstExposures(environmentId: string, subjectId: string): Promise<readonly StoredExposure[]> {
    const prefix = keyOf(environmentId, subjectId, "").slice(0, -3);
    return [...this.#exposures].filter(([key]) => key.startsWith(prefix)).map(([, exposure]) => exposure);
  }

  async toFoldSince(environmentId: string, subjectId: string): Promise<Instant | null> {
    return this.#toFold.get(keyOf(environmentId, subjectId)) ?? null;
  }

  async fold(environmentId: string, subjectId: string): Promise<void> {
    this.#toFold.delete(keyOf(environmentId, subjectId));
  }

  #recordOne(event: EventRecord, strictness: "strict" | "lenient"): EventOutcome {
    const decision = this.#decisions.decisions.find(({ decisionId }) => decisionId === event.decisionId);
    const state = event.eventType === EXPOSURE_EVENT_TYPE ? stateOf(event, decision) : null;
    const refusal: EventOutcome | undefined =
      state === "wrong_subject" || state === "not_assigned" ? { status: "rejected", code: state } : undefined;
    if (refusal !== undefined && strictness === "strict") return refusal;
    const key = keyOf(event.environmentId, event.eventId);
    const kept = this.#events.get(key);
    if (kept !== undefined) return { status: "duplicate", conflict: !saysTheSame(kept, event) };
    this.#events.set(key, { ...event, exposure: state });
    const subject = keyOf(event.environmentId, event.subjectId);
    this.#toFold.set(subject, Math.min(event.receivedAt, this.#toFold.get(subject) ?? Infinity));
    if (state === "counted" && decision !== undefined) this.#expose(event, decision);
    return refusal ?? { status: "accepted", pending: state === "pending" };
  }

  #expose(event: EventRecord, { decisionId, experimentId, variantId }: DecisionRecord): void {
    const key = keyOf(event.environmentId, event.subjectId, experimentId ?? "");
    const exposure: StoredExposure = {
      experimentId: experimentId ?? "",
      subjectId: event.subjectId,
      variantId: variantId ?? "",
      firstExposedAt: event.occurredAt,
      decisionId,
      eventId: event.eventId,
      several: false,
      segments: exposureSegments(event.properties),
    };
    const held = this.#exposures.get(key) ?? exposure;
    const several = held.several || held.variantId !== exposure.variantId;
    this.#exposures.set(key, { ...(earlierOf(held, exposure) ? held : exposure), several });
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function stateOf(event: EventRecord, decision: DecisionRecord | undefined): ExposureState {
  if (decision === undefined) return "pending";
  const { environmentId, reason, subjectId } = decision;
  if (environmentId !== event.environmentId || subjectId !== event.subjectId) return "wrong_subject";
  return reason === "experiment_assigned" ? "counted" : "not_assigned";
}

function saysTheSame(kept: KeptEvent, sent: EventRecord): boolean {
  const clamped = kept.occurredAt === kept.receivedAt && sent.occurredAt > kept.receivedAt;
  const content = (event: EventRecord): unknown => ({ ...event, receivedAt: 0, occurredAt: 0, exposure: null });
  return (clamped || kept.occurredAt === sent.occurredAt) && isDeepStrictEqual(content(kept), content(sent));
}

type Place = Pick<EventRecord, "occurredAt" | "eventId">;

function latestFirst(a: Place, b: Place): number {
  return b.occurredAt - a.occurredAt || compareCodePoints(b.eventId, a.eventId);
}

function earlierOf(held: StoredExposure, other: StoredExposure): boolean {
  const order = held.firstExposedAt - other.firstExposedAt || compareCodePoints(held.eventId, other.eventId);
  return order <= 0;
}
