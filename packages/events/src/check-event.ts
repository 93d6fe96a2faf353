import { EXPOSURE_EVENT_TYPE, type EventRecord, type EventType, type Instant } from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import type { EventDraft, Rejection, RejectionCode } from "./event-draft.ts";
import { judgeTime, type EventTimeSettings } from "./event-times.ts";

/** What events are compared with. */
export interface EventGround {
  readonly environmentId: string;
  readonly receivedAt: Instant;
  /** By key. The built-in type need not be there. */
  readonly types: ReadonlyMap<string, EventType>;
  readonly schemas: Pick<ValueSchemas, "valueFault">;
  readonly times: EventTimeSettings;
}

/** An event that is taken, or why it is not. */
export type CheckedEvent = { readonly status: "fine"; readonly event: EventRecord } | Rejection;

/** Compares an event with what its environment takes. Whether an exposure's decision fits, only the store can tell. */
export function checkEvent(draft: EventDraft, ground: EventGround): CheckedEvent {
  const fault = draft.eventType === EXPOSURE_EVENT_TYPE ? exposureFault(draft) : typeFault(draft, ground);
  if (fault !== undefined) return fault;
  const size = ground.schemas.valueFault(null, draft.properties);
  if (size !== undefined) return rejected("invalid_properties", size);
  const { timestamp, ...event } = draft;
  const time = judgeTime(timestamp, ground.receivedAt, ground.times);
  if (time.status === "rejected") return time;
  const { environmentId, receivedAt } = ground;
  return { status: "fine", event: { ...event, environmentId, receivedAt, occurredAt: time.occurredAt } };
}

function exposureFault({ decisionId }: EventDraft): Rejection | undefined {
  if (decisionId !== null) return undefined;
  return rejected("decision_required", "An exposure names the decision that it is the exposure of.");
}

function typeFault({ eventType, properties }: EventDraft, { schemas, types }: EventGround): Rejection | undefined {
  const type = types.get(eventType);
  if (type === undefined) return rejected("unknown_event_type", "There is no event type of this key.");
  if (type.archivedAt !== null) return rejected("archived_event_type", "The event type is archived.");
  if (type.schema === null) return undefined;
  const fault = schemas.valueFault(type.schema, properties);
  return fault === undefined ? undefined : rejected("invalid_properties", fault);
}

function rejected(code: RejectionCode, reason: string): Rejection {
  return { status: "rejected", code, reason };
}
