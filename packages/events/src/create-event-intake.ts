import {
  isLottyError,
  type Clock,
  type Durability,
  type EventMetrics,
  type EventOutcome,
  type EventQueue,
  type EventRecord,
  type EventRecorder,
  type EventRefusal,
  type Logger,
} from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import { checkEvent } from "./check-event.ts";
import type { EventCatalogue } from "./event-catalogue.ts";
import type { EventDraft, Rejection } from "./event-draft.ts";
import { countOutcome } from "./count-outcome.ts";
import type { EventTimeSettings } from "./event-times.ts";
import type { SpoolingEventRecorder } from "./spooling/spooling-event-recorder.ts";

/** How events are kept: before the answer, or through a stream that a worker drains. */
export type EventWriteMode = "sync" | "async";

/** What taking events in needs. */
export interface EventIntakePorts {
  readonly catalogue: Pick<EventCatalogue, "typesOf">;
  readonly schemas: Pick<ValueSchemas, "valueFault">;
  readonly recorder: EventRecorder;
  /** Keeps events while the store is away, in place of the recorder. `null` where there is no spool. */
  readonly spooling: Pick<SpoolingEventRecorder, "record"> | null;
  /** `null` where there is no stream: then `async` keeps events before the answer as well. */
  readonly queue: EventQueue | null;
  readonly writeMode: EventWriteMode;
  readonly times: EventTimeSettings;
  readonly metrics: EventMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of an event that was sent. */
export type IntakeOutcome = Exclude<EventOutcome, { readonly status: "rejected" }> | Rejection;

/** What became of a batch. */
export interface IntakeAnswer {
  /** How safe those are that were taken: in the database, in the stream, on the disk of this process, or that there were none. */
  readonly durability: Durability;
  /**
   * In the order in which they were sent. Of what is queued or spooled, duplicates and the decisions of exposures are looked
   * at when it reaches the store.
   */
  readonly outcomes: readonly IntakeOutcome[];
}

/** Takes events in. */
export interface EventIntake {
  /**
   * Checks events and keeps those that are fine. What is said to be taken survives the end of the process.
   *
   * @param sent events, or why something is none
   * @throws LottyError `overloaded`, `database_unavailable`, `schema_mismatch`, `not_ready`: nothing is promised, send all again
   */
  take(environmentId: string, sent: readonly (EventDraft | Rejection)[]): Promise<IntakeAnswer>;
}

/** Makes the intake of events. */
export function createEventIntake(ports: EventIntakePorts): EventIntake {
  const { catalogue, clock, metrics, schemas, times } = ports;
  return {
    take: async (environmentId, sent) => {
      const receivedAt = clock.now();
      const ground = { environmentId, receivedAt, schemas, times, types: await catalogue.typesOf(environmentId) };
      const checked = sent.map((each) => (isRejection(each) ? each : checkEvent(each, ground)));
      const fine = checked.flatMap((each) => (each.status === "fine" ? [each.event] : []));
      const { durability, outcomes: kept } = await keep(fine, ports);
      const settled = kept.values();
      const outcomes = checked.map((each) => (each.status === "fine" ? outcomeOf(settled.next().value) : each));
      for (const outcome of outcomes) count(outcome, durability, metrics);
      return { durability, outcomes };
    },
  };
}

function isRejection(sent: EventDraft | Rejection): sent is Rejection {
  return "status" in sent;
}

interface Kept {
  readonly durability: IntakeAnswer["durability"];
  readonly outcomes: readonly EventOutcome[];
}

/** Nobody has looked yet whether there is such an event already, and whether an exposure fits its decision. */
const UNJUDGED: EventOutcome = { status: "accepted", pending: false };

async function keep(events: readonly EventRecord[], ports: EventIntakePorts): Promise<Kept> {
  if (events.length === 0) return { durability: "none", outcomes: [] };
  if (ports.writeMode === "async" && ports.queue !== null && (await isQueued(events, ports.queue, ports))) {
    return { durability: "queued", outcomes: events.map(() => UNJUDGED) };
  }
  if (ports.spooling === null) return { durability: "committed", outcomes: await ports.recorder.record(events) };
  const recorded = await ports.spooling.record(events);
  return recorded.durability === "committed" ? recorded : { ...recorded, outcomes: events.map(() => UNJUDGED) };
}

/** What the stream does not take goes to the database at once. It may be in both: events are kept once by their id. */
async function isQueued(events: readonly EventRecord[], queue: EventQueue, ports: EventIntakePorts): Promise<boolean> {
  try {
    await queue.enqueue(events);
    return true;
  } catch (error) {
    if (!isLottyError(error, "decision_stream_unavailable")) throw error;
    ports.metrics.queueRefused();
    ports.logger.debug("event_stream_refused", { error });
    return false;
  }
}

const REASONS: Readonly<Record<EventRefusal, string>> = {
  wrong_subject: "The decision was taken for another subject.",
  not_assigned: "The decision assigned no experiment.",
  not_storable: "The database can never take the event.",
};

function outcomeOf(outcome: EventOutcome | undefined): IntakeOutcome {
  if (outcome === undefined) throw new TypeError("An event was kept without an outcome");
  return outcome.status === "rejected" ? { ...outcome, reason: REASONS[outcome.code] } : outcome;
}

/** What is judged later is counted by how it was taken now, and by what became of it then. */
function count(outcome: IntakeOutcome, durability: Durability, metrics: EventMetrics): void {
  if (outcome.status === "accepted" && (durability === "queued" || durability === "spooled")) metrics.taken(durability);
  else if (outcome.status === "rejected") metrics.rejected(outcome.code);
  else countOutcome(outcome, metrics);
}
