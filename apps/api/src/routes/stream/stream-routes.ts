import type { SnapshotSource } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID, DEFAULT_ENVIRONMENT_KEY } from "@lotty/domain";
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

const configurationChanged: RevisionEvent = (revision) =>
  `id: ${revision}\nevent: configuration_changed\ndata: ${JSON.stringify({ environment: DEFAULT_ENVIRONMENT_KEY, revision })}\n\n`;

const refetchEvaluation: RevisionEvent = (revision) =>
  `id: ${revision}\ndata: ${JSON.stringify({ type: "refetchEvaluation", etag: revisionTag(revision) })}\n\n`;

function streamHandler(event: RevisionEvent, { snapshots, standingCallers, streams }: StreamParts): RouteHandler {
  return ({ caller, request, requestId }) => {
    const { revision } = snapshots.current(DEFAULT_ENVIRONMENT_ID);
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
      content: streams.start({ revision, lastEventId, event, watchCaller }),
      // Tells nginx not to collect events until a buffer is full.
      headers: { "x-accel-buffering": "no" },
    };
  };
}
