import {
  eventsSchema,
  eventsTakenSchema,
  type EventsResponse,
  type EventsTakenResponse,
  MAX_PAGE_SIZE,
  presentEvents,
  presentEventsTaken,
  readEvent,
} from "@lotty/contracts";
import type { Runtime } from "@lotty/runtime";
import { apiOf, environmentKeyOf, type PlaceOptions } from "../profiles/api-options.ts";
import { type ApiClient, apiClient } from "../sources/api-client.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Which events of a subject are shown. */
export interface EventFilter {
  readonly subject: string;
  readonly type?: string;
  /** Most of them. */
  readonly limit: number;
}

/** Where events go, and are looked up: a database, or a running API. */
export interface EventSource {
  /** @throws LottyError, of whose code nothing is promised: send all again */
  send(events: readonly unknown[]): Promise<EventsTakenResponse>;
  /** Latest first. */
  list(filter: EventFilter): Promise<EventsResponse["events"]>;
}

/** Works with the events of the API that is named, else of the database of the settings. */
export async function withEvents<T>(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: EventSource) => Promise<T>,
): Promise<T> {
  const api = await apiOf(terminal, options);
  const environment = environmentKeyOf(terminal, options);
  if (api !== undefined) return work(httpEvents(apiClient(api.url, api.key, environment)));
  return withRuntime(terminal, (runtime, environmentId) => work(localEvents(runtime, environmentId)), environment);
}

function httpEvents(client: ApiClient): EventSource {
  return {
    send: (events) => client.ask({ method: "POST", path: "v1/events", body: { events }, schema: eventsTakenSchema }),
    list: async ({ limit, subject, type }) => {
      const found: EventsResponse["events"][number][] = [];
      let cursor: string | null | undefined;
      while (cursor !== null && found.length < limit) {
        const query = new URLSearchParams({ subject_id: subject, limit: String(Math.min(MAX_PAGE_SIZE, limit)) });
        if (type !== undefined) query.set("event_type", type);
        if (cursor !== undefined) query.set("cursor", cursor);
        const page: EventsResponse = await client.ask({
          method: "GET",
          path: `v1/events?${query.toString()}`,
          schema: eventsSchema,
        });
        found.push(...page.events);
        cursor = page.next_cursor;
      }
      return found.slice(0, limit);
    },
  };
}

function localEvents({ intake, storage }: Runtime, environmentId: string): EventSource {
  return {
    send: async (events) => {
      const sent = events.map(readEvent);
      return presentEventsTaken(sent, await intake.take(environmentId, sent));
    },
    list: async ({ limit, subject, type }) => {
      const question = { environmentId, subjectId: subject, limit };
      return presentEvents(
        await storage.events.log.list({ ...question, ...(type !== undefined && { eventType: type }) }),
      ).events;
    },
  };
}
