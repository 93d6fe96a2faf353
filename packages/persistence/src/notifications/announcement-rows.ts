import type { Announcement, AnnouncementKind, Instant, JsonObject } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";
import { instantOrNull, jsonOrNull } from "../control/written-values.ts";
import { microsOf } from "../sql/instant-sql.ts";

/** A row of `announcements` as it is read. */
export interface AnnouncementRow {
  readonly id: string;
  readonly micros: Instant;
  readonly kind: AnnouncementKind;
  readonly experiment: Announcement["experiment"];
  readonly tags: readonly string[];
  readonly actor_name: string;
  readonly summary: string;
  readonly facts: JsonObject;
}

/** The columns of an {@link AnnouncementRow}. */
export function announcementColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const plain = ["id", "kind", "experiment", "tags", "actor_name", "summary", "facts"];
  return [...plain.map((column) => `announcements.${column}`), knex.raw(`${microsOf("announcements.at")} AS micros`)];
}

/** Builds an announcement from its row. */
export function toAnnouncement(row: AnnouncementRow): Announcement {
  return {
    id: row.id,
    at: row.micros,
    kind: row.kind,
    experiment: row.experiment,
    tags: row.tags,
    actorName: row.actor_name,
    summary: row.summary,
    facts: row.facts,
  };
}

/** Writes announcements for the queue to route. */
export async function addAnnouncements(
  { environmentId, knex }: WriteScope,
  announcements: readonly Announcement[],
): Promise<void> {
  if (announcements.length === 0) return;
  const rows = announcements.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    at: instantOrNull(knex, each.at),
    kind: each.kind,
    experiment: jsonOrNull(each.experiment),
    tags: JSON.stringify(each.tags),
    actor_name: JSON.stringify(each.actorName),
    summary: JSON.stringify(each.summary),
    facts: JSON.stringify(each.facts),
    // Of a webhook's test there is a delivery already.
    routed: each.kind === "webhook.test",
  }));
  await knex("announcements").insert(rows);
}
