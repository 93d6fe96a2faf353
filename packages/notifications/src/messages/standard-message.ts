import { formatInstant, type Announcement, type Instant, type JsonObject } from "@lotty/domain";

/** The body of a message by the Standard Webhooks specification: one announcement, or several as a `digest`. */
export function standardMessage(announcements: readonly Announcement[], at: Instant): string {
  const [only, ...more] = announcements;
  const message =
    only !== undefined && more.length === 0
      ? { type: only.kind, timestamp: formatInstant(only.at), data: dataOf(only) }
      : {
          type: "digest",
          timestamp: formatInstant(at),
          data: { announcements: announcements.map((each) => ({ type: each.kind, ...dataOf(each) })) },
        };
  return JSON.stringify(message);
}

function dataOf({ actorName, at, experiment, facts, id, summary, tags }: Announcement): JsonObject {
  return { id, at: formatInstant(at), experiment, tags, actor: actorName, summary, facts };
}
