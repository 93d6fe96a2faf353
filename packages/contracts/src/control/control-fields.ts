import { type Hundredths, type JsonValue, parseHundredths } from "@lotty/domain";
import { z } from "zod";
import { typeMessage } from "../request-fields.ts";
import { jsonFault } from "./json-fault.ts";

/** Longest texts, in UTF-16 units. */
const MAX_NAME_LENGTH = 256;
const MAX_TEXT_LENGTH = 10_000;

/** Most elements of a list in a request. */
const MAX_LIST = 1_000;

function storable(max: number): z.ZodType<string, string> {
  return z
    .string({ error: typeMessage("a string") })
    .max(max, { error: `must have at most ${max} characters`, abort: true })
    .refine((text) => !text.includes("\0") && text.isWellFormed(), {
      error: "must not contain the character U+0000 or half of a surrogate pair",
    });
}

/** Name of something. What names there may be is up to the control plane. */
export const nameField: z.ZodType<string, string> = storable(MAX_NAME_LENGTH);

/** A text for people, or of a rule. */
export const textField: z.ZodType<string, string> = storable(MAX_TEXT_LENGTH);

/** True or false. */
export const flagField: z.ZodType<boolean, boolean> = z.boolean({ error: typeMessage("true or false") });

/** A whole number. */
export const wholeField: z.ZodType<number, number> = z.int({ error: typeMessage("a whole number") });

/** The id of something, in any case. */
export const idField: z.ZodType<string, string> = z
  .string({ error: typeMessage("a UUID") })
  .regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, { error: "must be a UUID" })
  .transform((id) => id.toLowerCase())
  .meta({ format: "uuid" });

/** A percentage or weight with at most two places: as text, or as a number that reads so. */
export const decimalField: z.ZodType<Hundredths, string | number> = z
  .union([z.string(), z.number()], { error: typeMessage("a decimal such as 33.33") })
  .transform((given, context): Hundredths => {
    const exact = parseHundredths(String(given));
    if (exact !== undefined) return exact;
    context.issues.push({ code: "custom", input: given, message: "must be a decimal with at most two places, from 0" });
    return z.NEVER;
  });

/** Any JSON value within the limits of attributes, taken as it is. */
export const valueField: z.ZodType<JsonValue, JsonValue> = z.custom<JsonValue>().check((context) => {
  const message = context.value === undefined ? "is required" : jsonFault(context.value);
  if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
});

/** A list that has an end. */
export function listOf<T, In>(element: z.ZodType<T, In>): z.ZodType<readonly T[], readonly In[]> {
  return z
    .array(element, { error: typeMessage("a list") })
    .max(MAX_LIST, { error: `must have at most ${MAX_LIST} elements` });
}

/** What every object of a request says when it is none. */
export const AN_OBJECT: { readonly error: ReturnType<typeof typeMessage> } = { error: typeMessage("an object") };
