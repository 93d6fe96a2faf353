import { type Instant, MAX_PASSWORD_LENGTH, parseInstant, type Role, ROLES } from "@lotty/domain";
import {
  KEY_TYPES,
  type KeyType,
  MAX_KEY_NAME_LENGTH,
  MAX_USER_NAME_LENGTH,
  type Scope,
  SCOPES,
} from "@lotty/identity";
import { z } from "zod";
import { typeMessage } from "../request-fields.ts";

/** Longest text in which a password is taken, in UTF-16 units: {@link MAX_PASSWORD_LENGTH} characters and room to say no. */
const MAX_PASSWORD_UNITS = 4 * MAX_PASSWORD_LENGTH;

const CONTROL = /\p{Cc}/u;

/** An id in a path. */
export const idSchema: z.ZodType<string, string> = z.string().meta({ format: "uuid" });

/** Name of a person, in any case. Whether it may be used is not asked here. */
export const userNameSchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a string") })
  .min(1, { error: "must not be empty" })
  .max(MAX_USER_NAME_LENGTH, { error: `must have at most ${MAX_USER_NAME_LENGTH} characters` })
  .refine((name) => !CONTROL.test(name) && name.isWellFormed(), { error: "must not have control characters" });

/** A password. Whether it may be used is not asked here. */
export const passwordSchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a string") })
  .max(MAX_PASSWORD_UNITS, { error: `must have at most ${MAX_PASSWORD_LENGTH} characters` })
  .refine((password) => password.isWellFormed(), { error: "must not contain half of a surrogate pair" });

/** Roles, at least one and none twice. */
export const rolesSchema: z.ZodType<readonly Role[], readonly Role[]> = words(ROLES, "roles");

/** Scopes of a key, at least one and none twice. */
export const scopesSchema: z.ZodType<readonly Scope[], readonly Scope[]> = words(SCOPES, "scopes");

/** Type of a key. */
export const keyTypeSchema: z.ZodType<KeyType, KeyType> = z.enum(KEY_TYPES, { error: `must be ${either(KEY_TYPES)}` });

/** Name of a key. */
export const keyNameSchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a string") })
  .refine((name) => name.trim() !== "", { error: "must not be empty" })
  .max(MAX_KEY_NAME_LENGTH, { error: `must have at most ${MAX_KEY_NAME_LENGTH} characters` })
  .refine((name) => !CONTROL.test(name) && name.isWellFormed(), { error: "must not have control characters" });

/** Longest key of an environment, in UTF-16 units. */
const MAX_ENVIRONMENT_LENGTH = 100;

/** Key of an environment. */
export const environmentSchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a string") })
  .min(1, { error: "must not be empty" })
  .max(MAX_ENVIRONMENT_LENGTH, { error: `must have at most ${MAX_ENVIRONMENT_LENGTH} characters` })
  .refine((key) => !CONTROL.test(key) && key.isWellFormed(), { error: "must not have control characters" });

/** A date and time as RFC 3339 writes it. */
export const instantSchema: z.ZodType<Instant, string> = z
  .string({ error: typeMessage("a date and time") })
  .max(40, { error: "must be a date and time such as 2027-01-01T00:00:00Z", abort: true })
  .transform((text, context): Instant => {
    const instant = parseInstant(text);
    if (instant !== undefined) return instant;
    context.issues.push({
      code: "custom",
      input: text,
      message: "must be a date and time such as 2027-01-01T00:00:00Z",
    });
    return z.NEVER;
  });

function words<const Word extends string>(
  known: readonly Word[],
  what: string,
): z.ZodType<readonly Word[], readonly Word[]> {
  return z
    .array(z.enum(known, { error: `must be ${either(known)}` }), { error: typeMessage(`a list of ${what}`) })
    .min(1, { error: "must not be empty" })
    .max(known.length, { error: `must have at most ${known.length} entries` })
    .refine((given) => new Set(given).size === given.length, { error: "must not name anything twice" });
}

function either(known: readonly string[]): string {
  return `${known.slice(0, -1).join(", ")} or ${known.at(-1) ?? ""}`;
}
