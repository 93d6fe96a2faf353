import type { EnvironmentDirectory, SnapshotSource } from "@lotty/decisions";
import { problemAnswer } from "../../http/problem-answer.ts";
import type { StandingCallers } from "../../access/standing-callers.ts";
import type { Route, RouteHandler } from "../../routing/route.ts";
import { revisionTag } from "../ofrep/catch-up.ts";
import { OFREP_STREAM_PATH } from "../ofrep/evaluate-flags.ts";
import type { EventStreams, RevisionEvent } from "./event-streams.ts";
import { OFREP_STREAM_OPERATION, STREAM_OPERATION } from "./stream-operations.ts";

/** What streams of changes are served with. */
export interface StreamParts {
  readonly snapshots: SnapshotSource;
  readonly environments: Pick<EnvironmentDirectory, "keyOf">;
  readonly streams: EventStreams;
  /** Watches the callers for as long as their streams last. */
  readonly standingCallers: Pick<StandingCallers, "watch">;
}

/** `GET /v1/stream` and `GET /ofrep/v1/stream`: that there is a new configuration, for our own clients and for those of OFREP. */
export function streamRoutes(parts: StreamParts): readonly Route[] {
  const access = { kind: "scope", scope: "decide", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: "/v1/stream",
      access,
      operation: STREAM_OPERATION,
      handler: streamHandler(configurationChanged, parts),
    },
    {
      method: "GET",
      path: OFREP_STREAM_PATH,
      access,
      operation: OFREP_STREAM_OPERATION,
      handler: streamHandler(refetchEvaluation, parts),
    },
  ];
}

/** Makes the events of an environment by its key. */
type EventOf = (environment: string) => RevisionEvent;

const configurationChanged: EventOf = (environment) => (revision) =>
  `id: ${revision}\nevent: configuration_changed\ndata: ${JSON.stringify({ environment, revision })}\n\n`;

const refetchEvaluation: EventOf = () => (revision) =>
  `id: ${revision}\ndata: ${JSON.stringify({ type: "refetchEvaluation", etag: revisionTag(revision) })}\n\n`;

function streamHandler(eventOf: EventOf, parts: StreamParts): RouteHandler {
  const { environments, snapshots, standingCallers, streams } = parts;
  // One for all streams of an environment, by which their text is made once.
  const events = new Map<string, RevisionEvent>();
  return ({ caller, environmentId, request, requestId }) => {
    const { revision } = snapshots.current(environmentId);
    const event = events.get(environmentId) ?? eventOf(environments.keyOf(environmentId) ?? environmentId);
    events.set(environmentId, event);
    if (streams.full) {
      return problemAnswer({ code: "overloaded", detail: "There are too many streams already. Try again." }, requestId);
    }
    const header = request.headers["last-event-id"];
    const lastEventId = typeof header === "string" ? header : undefined;
    const watchCaller = (end: () => void): (() => void) => standingCallers.watch({ caller, request }, end);
    return {
      status: 200,
      mediaType: "text/event-stream",
      body: "",
      content: streams.start({ environmentId, revision, lastEventId, event, watchCaller }),
      // Tells nginx not to collect events until a buffer is full.
      headers: { "x-accel-buffering": "no" },
    };
  };
}
