import { DEFAULT_ENVIRONMENT_KEY, type Instant, type Role } from "@lotty/domain";
import type { KeyType, Scope } from "@lotty/identity";
import { z } from "zod";
import { type Read, readWith } from "../read-request.ts";
import { typeMessage } from "../request-fields.ts";
import {
  environmentSchema,
  instantSchema,
  keyNameSchema,
  keyTypeSchema,
  passwordSchema,
  rolesSchema,
  scopesSchema,
  userNameSchema,
} from "./identity-fields.ts";

const AN_OBJECT = { error: typeMessage("an object") };

/** Body of `POST /v1/session`. */
export interface LogInRequest {
  readonly name: string;
  readonly password: string;
}

/** Schema of {@link LogInRequest}. */
export const logInSchema: z.ZodType<LogInRequest> = z
  .strictObject({ name: userNameSchema, password: passwordSchema }, AN_OBJECT)
  .meta({ id: "LogIn" });

/** Body of `PUT /v1/session/password`. */
export interface OwnPasswordRequest {
  readonly current: string;
  readonly next: string;
}

/** Schema of {@link OwnPasswordRequest}. */
export const ownPasswordSchema: z.ZodType<OwnPasswordRequest> = z
  .strictObject({ current: passwordSchema, next: passwordSchema }, AN_OBJECT)
  .meta({ id: "OwnPassword" });

/** Body of `POST /v1/users`. */
export interface NewUserRequest {
  readonly name: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

/** Schema of {@link NewUserRequest}. */
export const newUserSchema: z.ZodType<NewUserRequest> = z
  .strictObject({ name: userNameSchema, password: passwordSchema, roles: rolesSchema }, AN_OBJECT)
  .meta({ id: "NewUser" });

/** Body of `PATCH /v1/users/{id}`: at least one of its fields. */
export interface UserChangeRequest {
  readonly roles?: readonly Role[] | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
}

/** Schema of {@link UserChangeRequest}. */
export const userChangeSchema: z.ZodType<UserChangeRequest> = z
  .strictObject(
    {
      roles: rolesSchema.optional(),
      disabled: z.boolean({ error: typeMessage("true or false") }).optional(),
      password: passwordSchema.optional(),
    },
    AN_OBJECT,
  )
  .refine((change) => Object.keys(change).length === 1, { error: "must have one of roles, disabled and password" })
  .meta({ id: "UserChange" });

/** Body of `POST /v1/keys`, with what it leaves out filled in. */
export interface NewKeyRequest {
  readonly name: string;
  readonly type: KeyType;
  readonly scopes: readonly Scope[];
  readonly roles?: readonly Role[] | undefined;
  readonly environment: string;
  readonly expires_at: Instant | null;
}

/** Schema of {@link NewKeyRequest}. */
export const newKeySchema: z.ZodType<NewKeyRequest> = z
  .strictObject(
    {
      name: keyNameSchema,
      type: keyTypeSchema,
      scopes: scopesSchema,
      roles: rolesSchema.optional(),
      environment: environmentSchema.default(DEFAULT_ENVIRONMENT_KEY),
      expires_at: instantSchema.nullable().default(null),
    },
    AN_OBJECT,
  )
  .meta({ id: "NewKey" });

/** Reads the body of `POST /v1/session`. */
export function readLogIn(body: unknown): Read<LogInRequest> {
  return readWith(logInSchema, body);
}

/** Reads the body of `PUT /v1/session/password`. */
export function readOwnPassword(body: unknown): Read<OwnPasswordRequest> {
  return readWith(ownPasswordSchema, body);
}

/** Reads the body of `POST /v1/users`. */
export function readNewUser(body: unknown): Read<NewUserRequest> {
  return readWith(newUserSchema, body);
}

/** Reads the body of `PATCH /v1/users/{id}`. */
export function readUserChange(body: unknown): Read<UserChangeRequest> {
  return readWith(userChangeSchema, body);
}

/** Reads the body of `POST /v1/keys`. */
export function readNewKey(body: unknown): Read<NewKeyRequest> {
  return readWith(newKeySchema, body);
}
