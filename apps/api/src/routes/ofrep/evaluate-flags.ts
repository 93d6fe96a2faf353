import type { OfrepBulkEvaluation } from "@lotty/contracts";
import type { EnvironmentDirectory } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { jsonAnswer } from "../../http/answer.ts";
import { matchesEtag } from "../../http/etag.ts";
import { ENVIRONMENT_PARAMETER, queryOf } from "../../http/query.ts";
import type { RouteHandler } from "../../routing/route.ts";
import { bulkEtag } from "./bulk-etag.ts";
import { CatchUp } from "./catch-up.ts";
import { evaluateAll } from "./evaluate-all.ts";
import type { OfrepParts } from "./ofrep-parts.ts";
import { withOfrepErrors } from "./ofrep-problem.ts";
import { readSubject } from "./read-subject.ts";

/** Path of the stream that tells clients of the protocol to fetch anew. */
export const OFREP_STREAM_PATH = "/ofrep/v1/stream";

/** The stream of an environment. A key that is bound to it would do without its name, and may have it. */
function eventStreams(
  environmentId: string,
  environments: Pick<EnvironmentDirectory, "keyOf">,
): OfrepBulkEvaluation["eventStreams"] {
  const key = environmentId === DEFAULT_ENVIRONMENT_ID ? undefined : environments.keyOf(environmentId);
  const query = key === undefined ? "" : `?${ENVIRONMENT_PARAMETER}=${encodeURIComponent(key)}`;
  return [{ type: "sse", endpoint: { requestUri: `${OFREP_STREAM_PATH}${query}` } }];
}

/**
 * `POST /ofrep/v1/evaluate/flags`: all flags for one subject, for clients that fetch ahead. Nobody has seen a value yet, so
 * nothing is recorded and no place in an experiment is taken. The flags come out as if asked one after the other, those with
 * a running experiment first, in the order of their keys.
 */
export function evaluateFlagsHandler(parts: OfrepParts): RouteHandler {
  const { environments, snapshots } = parts;
  const catchUp = new CatchUp(snapshots);
  return withOfrepErrors(async ({ environmentId, request, requestId }) => {
    const read = await readSubject(request, { requestId });
    if (!read.ok) return read.answer;
    await catchUp.with(environmentId, queryOf(request).get("flagConfigEtag"));
    const snapshot = snapshots.current(environmentId);
    const etag = bulkEtag(snapshot, read.subject);
    if (matchesEtag(request.headers["if-none-match"], etag)) {
      return { status: 304, mediaType: null, body: "", headers: { etag } };
    }
    const { degraded, flags } = await evaluateAll(snapshot, read.subject, parts);
    const { revision } = snapshot;
    const answer = jsonAnswer({
      flags,
      eventStreams: eventStreams(environmentId, environments),
      metadata: { revision },
    } satisfies OfrepBulkEvaluation);
    // What may come out otherwise in a moment has no tag by which to keep it.
    const lasting = !degraded && snapshots.current(environmentId) === snapshot;
    return lasting ? { ...answer, headers: { etag } } : answer;
  });
}
