import { type Instant, type Role, ROLES } from "@lotty/domain";
import { type ApiKey, KEY_TYPES, SCOPES, type Session, type UserWithPassword } from "@lotty/identity";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlRow } from "../sql/sql-pool.ts";

/** Columns of a person. Arrays come as JSON: the drivers do not agree on them otherwise. */
export const USER_COLUMNS: string = `u.id AS user_id, u.name, to_json(u.roles) AS roles, u.disabled, u.password_hash,
  ${microsOf("u.created_at")} AS user_created_at, ${microsOf("u.updated_at")} AS user_updated_at`;

/** Reads a row of {@link USER_COLUMNS}. */
export function userOf(row: SqlRow): UserWithPassword {
  return {
    id: String(row["user_id"]),
    name: String(row["name"]),
    roles: among(ROLES, row["roles"]),
    disabled: row["disabled"] === true,
    createdAt: Number(row["user_created_at"]),
    updatedAt: Number(row["user_updated_at"]),
    passwordHash: String(row["password_hash"]),
  };
}

/** Columns of a session. */
export const SESSION_COLUMNS: string = `s.digest, s.user_id, ${microsOf("s.created_at")} AS created_at,
  ${microsOf("s.last_seen_at")} AS last_seen_at`;

/** Reads a row of {@link SESSION_COLUMNS}. */
export function sessionOf(row: SqlRow): Session {
  return {
    digest: bytesOf(row["digest"]),
    userId: String(row["user_id"]),
    createdAt: Number(row["created_at"]),
    lastSeenAt: Number(row["last_seen_at"]),
  };
}

/** Columns of a key `k` in an environment `e`. */
export const KEY_COLUMNS: string = `k.id, k.prefix, k.digest, k.name, k.type, to_json(k.scopes) AS scopes,
  to_json(k.roles) AS roles, k.environment_id, e.key AS environment_key, k.created_by,
  ${microsOf("k.created_at")} AS created_at, ${microsOf("k.expires_at")} AS expires_at,
  ${microsOf("k.revoked_at")} AS revoked_at, ${microsOf("k.last_used_at")} AS last_used_at`;

/** Reads a row of {@link KEY_COLUMNS}. */
export function keyOf(row: SqlRow): ApiKey {
  return {
    id: String(row["id"]),
    prefix: String(row["prefix"]),
    digest: bytesOf(row["digest"]),
    name: String(row["name"]),
    type: among(KEY_TYPES, [row["type"]])[0] ?? "client",
    scopes: among(SCOPES, row["scopes"]),
    roles: among<Role>(ROLES, row["roles"]),
    environmentId: String(row["environment_id"]),
    environmentKey: String(row["environment_key"]),
    createdBy: String(row["created_by"]),
    createdAt: Number(row["created_at"]),
    expiresAt: instantOrNull(row["expires_at"]),
    revokedAt: instantOrNull(row["revoked_at"]),
    lastUsedAt: instantOrNull(row["last_used_at"]),
  };
}

/** Words that this version does not know give nobody anything. */
function among<Word extends string>(known: readonly Word[], stored: unknown): readonly Word[] {
  return Array.isArray(stored) ? known.filter((word) => stored.includes(word)) : [];
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0);
}

function instantOrNull(value: unknown): Instant | null {
  return value === null ? null : Number(value);
}
