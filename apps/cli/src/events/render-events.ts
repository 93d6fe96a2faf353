import type { EventTypeResponse, KeptEventResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";
import type { SendCounts } from "./send-events.ts";

/** Events as a table. */
export function renderEvents(events: readonly KeptEventResponse[], paint: Paint): string {
  const rows = events.map((event) => [
    event.occurred_at,
    event.event_type,
    event.value === null ? "" : String(event.value),
    event.exposure ?? "",
    event.event_id,
    JSON.stringify(event.properties),
  ]);
  return renderTable(["OCCURRED AT", "TYPE", "VALUE", "EXPOSURE", "ID", "PROPERTIES"], rows, paint);
}

/** Event types as a table. */
export function renderEventTypes(types: readonly EventTypeResponse[], paint: Paint): string {
  const rows = types.map((type) => [
    type.key,
    type.built_in ? "-" : String(type.version),
    type.archived_at === null ? "taken" : "archived",
    type.requires_exposure ? "yes" : "no",
    type.schema === null ? "any" : JSON.stringify(type.schema),
    type.description ?? "",
  ]);
  return renderTable(["KEY", "VERSION", "STATE", "NEEDS EXPOSURE", "PROPERTIES", "DESCRIPTION"], rows, paint);
}

/** What became of a file. */
export function renderCounts({ accepted, conflicts, duplicates, rejected, unreadable }: SendCounts): string {
  const parts = [`${accepted} accepted`, `${duplicates} duplicates`, `${rejected} rejected`];
  if (unreadable > 0) parts.push(`${unreadable} unreadable`);
  if (conflicts > 0) parts.push(`${conflicts} of the duplicates say something else`);
  return `${parts.join(", ")}.`;
}
