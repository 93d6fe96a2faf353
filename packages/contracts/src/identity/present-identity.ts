import { formatInstant, type Instant, type Role, ROLES } from "@lotty/domain";
import { type ApiKey, type Caller, KEY_TYPES, type KeyType, type Scope, SCOPES, type User } from "@lotty/identity";
import { z } from "zod";

const instantText = z.string().meta({ format: "date-time" });

/** Schema of a person as answers have it. */
export const userSchema: z.ZodType<UserResponse> = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    disabled: z.boolean(),
    created_at: instantText,
    updated_at: instantText,
  })
  .meta({ id: "User" });

/** A person as answers have it. */
export interface UserResponse {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A person for the wire. */
export function presentUser({ createdAt, disabled, id, name, roles, updatedAt }: User): UserResponse {
  return { id, name, roles, disabled, created_at: formatInstant(createdAt), updated_at: formatInstant(updatedAt) };
}

/** Schema of a list of people. */
export const usersSchema: z.ZodType<{ readonly users: readonly UserResponse[] }> = z
  .strictObject({ users: z.array(userSchema) })
  .meta({ id: "Users" });

/** A key as answers have it: never with its secret. */
export interface KeyResponse {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly type: KeyType;
  readonly scopes: readonly Scope[];
  readonly roles: readonly Role[];
  readonly environment: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

const keyFields = {
  id: z.string(),
  prefix: z.string(),
  name: z.string(),
  type: z.enum(KEY_TYPES),
  scopes: z.array(z.enum(SCOPES)),
  roles: z.array(z.enum(ROLES)),
  environment: z.string(),
  created_by: z.string(),
  created_at: instantText,
  expires_at: instantText.nullable(),
  revoked_at: instantText.nullable(),
  last_used_at: instantText.nullable(),
};

/** Schema of a key. */
export const keySchema: z.ZodType<KeyResponse> = z.strictObject(keyFields).meta({ id: "Key" });

/** Schema of a list of keys. */
export const keysSchema: z.ZodType<{ readonly keys: readonly KeyResponse[] }> = z
  .strictObject({ keys: z.array(keySchema) })
  .meta({ id: "Keys" });

/** A key that was just made, with its secret. */
export interface MadeKeyResponse extends KeyResponse {
  /** The key itself. Nobody can show it again. */
  readonly key: string;
}

/** Schema of {@link MadeKeyResponse}. */
export const madeKeySchema: z.ZodType<MadeKeyResponse> = z
  .strictObject({ ...keyFields, key: z.string() })
  .meta({ id: "MadeKey" });

/** A key whose making was repeated: its secret was in the first answer, and is kept nowhere. */
export interface RepeatedKeyResponse extends KeyResponse {
  readonly key: null;
}

const repeatedKeySchema: z.ZodType<RepeatedKeyResponse> = z
  .strictObject({ ...keyFields, key: z.null() })
  .meta({ id: "RepeatedKey" });

/** Schema of the answer to making a key, or to a repetition of that. */
export const keyCreationSchema: z.ZodType<MadeKeyResponse | RepeatedKeyResponse> = z
  .union([madeKeySchema, repeatedKeySchema])
  .meta({ id: "KeyCreation" });

/** A key for the wire. */
export function presentKey(key: ApiKey): KeyResponse {
  return {
    id: key.id,
    prefix: key.prefix,
    name: key.name,
    type: key.type,
    scopes: key.scopes,
    roles: key.roles,
    environment: key.environmentKey,
    created_by: key.createdBy,
    created_at: formatInstant(key.createdAt),
    expires_at: instantOrNull(key.expiresAt),
    revoked_at: instantOrNull(key.revokedAt),
    last_used_at: instantOrNull(key.lastUsedAt),
  };
}

/** Who makes a request, as the API understands it. */
export interface CallerResponse {
  readonly kind: Caller["kind"];
  readonly id: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** To be sent as `X-CSRF-Token` with every change; `null` for callers without a session. */
  readonly csrf_token: string | null;
}

/** Schema of {@link CallerResponse}. */
export const callerSchema: z.ZodType<CallerResponse> = z
  .strictObject({
    kind: z.enum(["anonymous", "user", "key"]),
    id: z.string().nullable(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    scopes: z.array(z.enum(SCOPES)),
    csrf_token: z.string().nullable(),
  })
  .meta({ id: "Caller" });

/** A caller for the wire. */
export function presentCaller({ id, kind, name, roles, scopes }: Caller, csrfToken: string | null): CallerResponse {
  return { kind, id, name, roles, scopes, csrf_token: csrfToken };
}

function instantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
