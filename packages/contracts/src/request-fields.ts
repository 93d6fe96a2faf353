import { type JsonObject, MAX_SUBJECT_ID_BYTES, type SubjectIdFault, subjectIdFault } from "@lotty/domain";
import { z } from "zod";
import { type AttributesFault, attributesFault } from "./attributes-fault.ts";
import {
  MAX_ATTRIBUTE_DEPTH,
  MAX_ATTRIBUTE_ENTRIES,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_FLAG_KEY_LENGTH,
} from "./limits.ts";

const SUBJECT_ID_MESSAGES: Readonly<Record<SubjectIdFault, string>> = {
  empty: "must not be empty",
  too_long: `must have at most ${MAX_SUBJECT_ID_BYTES} bytes of UTF-8`,
  contains_nul: "must not contain the character U+0000",
  not_well_formed: "must not contain half of a surrogate pair",
};

const ATTRIBUTES_MESSAGES: Readonly<Record<AttributesFault, string>> = {
  not_an_object: "must be an object",
  too_deep: `must be nested at most ${MAX_ATTRIBUTE_DEPTH} levels deep`,
  too_many_entries: `must have at most ${MAX_ATTRIBUTE_ENTRIES} entries over all levels`,
  name_too_long: `must have no name longer than ${MAX_ATTRIBUTE_NAME_LENGTH} characters`,
};

/** Message for a field of another JSON type, or for one that is missing. */
export function typeMessage(expected: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (input === undefined ? "is required" : `must be ${expected}`);
}

/** Key of a flag: 1 to 256 UTF-16 units, well-formed, without U+0000. Whether the flag exists is not asked here. */
export const flagKeySchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a string") })
  .min(1, { error: "must not be empty", abort: true })
  .max(MAX_FLAG_KEY_LENGTH, {
    error: `must have at most ${MAX_FLAG_KEY_LENGTH} characters`,
    abort: true,
  })
  .refine((key) => !key.includes("\0") && key.isWellFormed(), {
    error: "must not contain the character U+0000 or half of a surrogate pair",
  });

/** Id of a subject, by the rule of the domain: 1 to 256 bytes of UTF-8, well-formed, without U+0000. */
export const subjectIdSchema: z.ZodType<string, string> = z
  .string({ error: typeMessage("a string") })
  .check((context) => {
    const fault = subjectIdFault(context.value);
    if (fault === undefined) return;
    context.issues.push({
      code: "custom",
      message: SUBJECT_ID_MESSAGES[fault],
      input: context.value,
    });
  });

/**
 * Attributes of a subject: a JSON object within the limits, passed on as the very object that was parsed. Nothing is
 * copied, so a name such as `__proto__` stays the ordinary own property that `JSON.parse` makes of it.
 */
export const attributesSchema: z.ZodType<JsonObject, JsonObject> = z
  .custom<JsonObject>()
  .check((context) => {
    const fault = attributesFault(context.value);
    if (fault === undefined) return;
    context.issues.push({
      code: "custom",
      message: ATTRIBUTES_MESSAGES[fault],
      input: context.value,
    });
  })
  .meta({ type: "object" });
