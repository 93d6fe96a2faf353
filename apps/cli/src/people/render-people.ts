import type { KeyResponse, UserResponse } from "@lotty/contracts";
import { renderTable } from "../terminal/render-table.ts";
import type { Paint } from "../terminal/paint.ts";

/** People as a table. */
export function renderUsers(users: readonly UserResponse[], paint: Paint): string {
  const rows = users.map(({ disabled, id, name, roles }) => [
    name,
    roles.join(","),
    disabled ? "disabled" : "active",
    id,
  ]);
  return renderTable(["NAME", "ROLES", "STATE", "ID"], rows, paint);
}

/** Keys as a table. */
export function renderKeys(keys: readonly KeyResponse[], paint: Paint): string {
  const rows = keys.map((key) => [
    key.prefix,
    key.name,
    key.type,
    key.scopes.join(","),
    key.roles.join(","),
    key.environment,
    stateOf(key),
    key.last_used_at ?? "never",
  ]);
  const headings = ["PREFIX", "NAME", "TYPE", "SCOPES", "ROLES", "ENVIRONMENT", "STATE", "LAST USED"];
  return renderTable(headings, rows, paint);
}

function stateOf({ expires_at: expiresAt, revoked_at: revokedAt }: KeyResponse): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  return expiresAt === null ? "active" : `until ${expiresAt}`;
}
