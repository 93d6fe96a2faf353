import {
  MAX_EVENTS_BYTES,
  presentEvents,
  presentEventsTaken,
  readEvent,
  readEventBatch,
  readEventsQuery,
} from "@lotty/contracts";
import { type EventLog, LottyError } from "@lotty/domain";
import type { EventIntake } from "@lotty/events";
import type { RequestLimiter } from "@lotty/runtime";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import { problemAnswer } from "../../http/problem-answer.ts";
import { readAs } from "../../http/read-as.ts";
import { type BodyForm, readJson } from "../../http/read-json.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import { looking } from "../control/looking.ts";
import { LIST_EVENTS_OPERATION, SEND_EVENTS_OPERATION } from "./event-operations.ts";

/** What the API does with events. */
export interface ApiEvents {
  readonly intake: EventIntake;
  readonly log: EventLog;
}

/** What the routes of events work with. */
export interface EventParts {
  /** @throws LottyError `not_ready` while it is not there */
  readonly events: () => ApiEvents;
  readonly limiter: RequestLimiter;
}

/** There is no database yet. */
export function noEvents(): never {
  throw new LottyError("not_ready", "The service is starting.");
}

const PATH = "/v1/events";

const BATCH: BodyForm = { maxBytes: MAX_EVENTS_BYTES, packed: true };

/** Taking events in, and looking them up. */
export function eventRoutes(parts: EventParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: PATH,
      access: { kind: "scope", scope: "events", role: "viewer" },
      operation: SEND_EVENTS_OPERATION,
      handler: (asked) => take(asked, parts),
    },
    {
      method: "GET",
      path: PATH,
      access: { kind: "scope", scope: "read", role: "viewer", serverOnly: true },
      operation: LIST_EVENTS_OPERATION,
      handler: looking(readEventsQuery, async (query, asked) => {
        const { cursor, event_type: eventType, subject_id: subjectId, ...span } = query;
        const question = {
          environmentId: asked.environmentId,
          subjectId,
          ...span,
          ...(eventType !== undefined && { eventType }),
          ...(cursor !== undefined && { after: cursor }),
        };
        return jsonAnswer(presentEvents(await parts.events().log.list(question)));
      }),
    },
  ];
}

async function take(asked: AdmittedExchange, { events, limiter }: EventParts): Promise<Answer> {
  const { request, requestId } = asked;
  const batch = readAs(readEventBatch, await readJson(request, BATCH));
  if (!batch.ok) return problemAnswer(batch.problem, requestId);
  const sent = batch.value.events.map(readEvent);
  const taken = await limiter.run(() => events().intake.take(asked.environmentId, sent));
  return jsonAnswer(presentEventsTaken(sent, taken));
}
