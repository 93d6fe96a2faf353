import { isJsonObject, type JsonObject, type JsonValue } from "@lotty/domain";
import { z } from "zod";
import { attributesSchema, flagKeySchema, subjectIdSchema, typeMessage } from "../request-fields.ts";

/** Codes by which OFREP tells a client why an evaluation failed; those that are the client's own to raise are left out. */
export const OFREP_ERROR_CODES = [
  "FLAG_NOT_FOUND",
  "PARSE_ERROR",
  "TARGETING_KEY_MISSING",
  "INVALID_CONTEXT",
  "GENERAL",
] as const;

/** One of {@link OFREP_ERROR_CODES}. */
export type OfrepErrorCode = (typeof OFREP_ERROR_CODES)[number];

/** Whom a request of the OpenFeature remote evaluation protocol is about. */
export interface OfrepSubject {
  readonly subjectId: string;
  /** The context without its targeting key. */
  readonly attributes: JsonObject;
}

/** What is wrong with a request of the protocol. */
export interface OfrepFault {
  readonly errorCode: OfrepErrorCode;
  /** Where, as a JSON Pointer into the body. */
  readonly path: string;
  /** For people. Never contains a value that the caller sent. */
  readonly message: string;
}

/** A request that was read, or the first thing that is wrong with it. */
export type ReadOfrep =
  | { readonly ok: true; readonly subject: OfrepSubject }
  | { readonly ok: false; readonly fault: OfrepFault };

const contextSchema: z.ZodType<JsonObject, JsonObject> = z
  .custom<JsonObject>()
  .check((check) => {
    // A context that is left out is an empty one.
    const value: JsonValue = check.value === undefined ? {} : check.value;
    if (!isJsonObject(value)) return void check.issues.push(issue(value, "INVALID_CONTEXT", "must be an object"));
    const { targetingKey, ...attributes } = value;
    if (targetingKey === undefined || targetingKey === null || targetingKey === "") {
      check.issues.push({ ...issue(value, "TARGETING_KEY_MISSING", "is required"), path: ["targetingKey"] });
      return;
    }
    const [wrongKey] = subjectIdSchema.safeParse(targetingKey).error?.issues ?? [];
    if (wrongKey !== undefined) {
      check.issues.push({ ...issue(value, "INVALID_CONTEXT", wrongKey.message), path: ["targetingKey"] });
    }
    const [wrongAttributes] = attributesSchema.safeParse(attributes).error?.issues ?? [];
    if (wrongAttributes !== undefined) check.issues.push(issue(value, "INVALID_CONTEXT", wrongAttributes.message));
  })
  .meta({
    type: "object",
    description: "Who is evaluated for: `targetingKey`, and beside it the attributes that targeting rules read.",
    properties: { targetingKey: { type: "string", minLength: 1 } },
    required: ["targetingKey"],
  });

function issue(input: unknown, errorCode: OfrepErrorCode, message: string): z.core.$ZodRawIssue {
  return { code: "custom", input, message, params: { errorCode } };
}

interface OfrepBody {
  readonly context: JsonObject;
}

/**
 * Schema of the body of both evaluation requests. Fields beside `context` are let through: the protocol reserves them for
 * later versions.
 */
export const ofrepRequestSchema: z.ZodType<OfrepBody> = z
  .looseObject({ context: contextSchema }, { error: typeMessage("an object") })
  .meta({ id: "OfrepRequest" });

/** Whether a text can be the key of a flag at all. */
export function isFlagKey(text: string): boolean {
  return flagKeySchema.safeParse(text).success;
}

/**
 * Reads the body of an evaluation request as `JSON.parse` gives it, within the limits of `POST /v1/decide`. A context that
 * is left out has no targeting key.
 */
export function readOfrepRequest(body: unknown): ReadOfrep {
  const parsed = ofrepRequestSchema.safeParse(body);
  if (!parsed.success) return { ok: false, fault: faultOf(parsed.error.issues[0]) };
  const { targetingKey, ...attributes } = parsed.data.context;
  return { ok: true, subject: { subjectId: typeof targetingKey === "string" ? targetingKey : "", attributes } };
}

function faultOf(found: z.core.$ZodIssue | undefined): OfrepFault {
  const path = found?.path.map((step) => `/${String(step)}`).join("") ?? "";
  const message = found?.message ?? "is not valid";
  const named: unknown = found?.code === "custom" ? found.params?.["errorCode"] : undefined;
  return { errorCode: OFREP_ERROR_CODES.find((code) => code === named) ?? "PARSE_ERROR", path, message };
}
