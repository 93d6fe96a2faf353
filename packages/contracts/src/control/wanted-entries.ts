import type { AuditEntry } from "@lotty/domain";
import type { AuditFilter } from "./audit-queries.ts";

/** Tells entries that a filter asks for, and that a caller may see: a key of one environment sees nothing of others. */
export function isWantedEntry(
  filter: AuditFilter,
  { environmentId }: { readonly environmentId: string | null },
): (entry: AuditEntry) => boolean {
  const { action, actor_id: actorId, entity_id: entityId, from, kind, to } = filter;
  return (entry) =>
    (environmentId === null || entry.environmentId === null || entry.environmentId === environmentId) &&
    (kind === undefined || entry.entity.kind === kind) &&
    (entityId === undefined || entry.entity.id === entityId) &&
    (actorId === undefined || entry.actor.id === actorId) &&
    (action === undefined || entry.action === action) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at < to);
}
