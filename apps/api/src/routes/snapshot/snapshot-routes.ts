import { ifNoneMatchParameter, type Operation, snapshotSchema } from "@lotty/contracts";
import type { FollowedSnapshots } from "@lotty/decisions";
import type { Clock, RuleParser } from "@lotty/domain";
import { acceptsGzip } from "../../http/accepts-gzip.ts";
import { matchesEtag } from "../../http/etag.ts";
import type { Route, RouteHandler } from "../../routing/route.ts";
import { SentSnapshots, snapshotEtag } from "./sent-snapshot.ts";

/** What the route of snapshots works with. */
export interface SnapshotParts {
  readonly snapshots: FollowedSnapshots;
  readonly parseRule: RuleParser;
  readonly clock: Clock;
}

const SNAPSHOT_OPERATION: Operation = {
  id: "snapshot",
  summary: "What an engine needs to decide by itself",
  description:
    "The configuration with its rules, parsed. Deciding with it gives what the server would give, as long as the engine is " +
    "told what the server knows of the subject.",
  tags: ["Configuration"],
  parameters: [ifNoneMatchParameter],
  answers: {
    200: {
      description: "The configuration at one revision; compressed for those who accept gzip.",
      schema: snapshotSchema,
      headers: { ETag: "Changes with every revision." },
    },
    304: { description: "The caller has the newest revision." },
  },
};

/** `GET /v1/snapshot`: what an engine needs to decide by itself. It tells of rules, so it is not for keys of type `client`. */
export function snapshotRoutes(parts: SnapshotParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/snapshot",
      access: { kind: "scope", scope: "decide", role: "viewer", serverOnly: true },
      operation: SNAPSHOT_OPERATION,
      handler: snapshotHandler(parts),
    },
  ];
}

function snapshotHandler({ clock, parseRule, snapshots }: SnapshotParts): RouteHandler {
  const sent = new SentSnapshots(parseRule, clock);
  return async ({ environmentId, request }) => {
    const configuration = snapshots.configuration(environmentId);
    const headers = { etag: snapshotEtag(configuration), vary: "accept-encoding", "cache-control": "no-cache" };
    if (matchesEtag(request.headers["if-none-match"], headers.etag)) {
      return { status: 304, mediaType: null, body: "", headers };
    }
    const { gzipped, json } = await sent.of(configuration);
    const mediaType = "application/json";
    if (!acceptsGzip(request.headers["accept-encoding"])) return { status: 200, mediaType, body: json, headers };
    return { status: 200, mediaType, body: "", content: gzipped, headers: { ...headers, "content-encoding": "gzip" } };
  };
}
