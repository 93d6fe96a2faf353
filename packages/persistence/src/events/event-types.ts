import type { EventType, Instant, JsonValue } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";
import { checkEncodable, instantOrNull, jsonOrNull } from "../control/written-values.ts";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";

interface EventTypeRow {
  readonly key: string;
  readonly description: string | null;
  readonly schema: JsonValue;
  readonly requires_exposure: boolean;
  readonly archived_at: Instant | null;
  readonly version: number;
  readonly updated_at: Instant;
}

/** The event types of an environment, by key. */
export async function readEventTypes(knex: Knex, environmentId: string): Promise<readonly EventType[]> {
  const rows: EventTypeRow[] = await knex("event_types")
    .where({ environment_id: environmentId })
    .orderBy("event_types.key")
    .select(
      "description",
      "schema",
      "requires_exposure",
      "version",
      knex.raw(exactText("key")),
      knex.raw(`${microsOf("archived_at")} AS archived_at`),
      knex.raw(`${microsOf("updated_at")} AS updated_at`),
    );
  return rows.map((row) => ({
    environmentId,
    key: row.key,
    description: row.description,
    schema: row.schema,
    requiresExposure: row.requires_exposure,
    archivedAt: row.archived_at,
    version: row.version,
    updatedAt: row.updated_at,
  }));
}

/** Inserts or replaces event types. */
export async function putEventTypes({ environmentId, knex }: WriteScope, types: readonly EventType[]): Promise<void> {
  if (types.length === 0) return;
  checkEncodable(
    "event_types",
    types.map(({ key }) => key),
  );
  const rows = types.map((type) => ({
    environment_id: environmentId,
    key: type.key,
    description: jsonOrNull(type.description),
    schema: jsonOrNull(type.schema),
    requires_exposure: type.requiresExposure,
    archived_at: instantOrNull(knex, type.archivedAt),
    version: type.version,
    updated_at: instantOrNull(knex, type.updatedAt),
  }));
  await knex("event_types").insert(rows).onConflict(["environment_id", "key"]).merge();
}
