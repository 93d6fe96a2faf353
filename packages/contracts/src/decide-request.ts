import type { JsonObject } from "@lotty/domain";
import { z } from "zod";
import { type Read, readWith } from "./read-request.ts";
import { MAX_FLAGS } from "./limits.ts";
import { attributesSchema, flagKeySchema, subjectIdSchema, typeMessage } from "./request-fields.ts";

interface DecideFields {
  readonly subject_id: string;
  /** Empty when left out. */
  readonly attributes: JsonObject;
  /** Decide without recording; `false` when left out. */
  readonly peek: boolean;
}

/** Body of `POST /v1/decide` that asks for one flag. */
export interface DecideOneRequest extends DecideFields {
  readonly flag: string;
}

/** Body of `POST /v1/decide` that asks for 1 to 100 different flags of one subject. */
export interface DecideManyRequest extends DecideFields {
  readonly flags: readonly string[];
}

/** Body of `POST /v1/decide`. */
export type DecideRequest = DecideOneRequest | DecideManyRequest;

const fields = {
  subject_id: subjectIdSchema,
  attributes: attributesSchema.prefault({}),
  peek: z.boolean({ error: typeMessage("true or false") }).default(false),
};

/** Schema of {@link DecideOneRequest}. */
export const decideOneSchema: z.ZodType<DecideOneRequest> = z.strictObject(
  { flag: flagKeySchema, ...fields },
  { error: typeMessage("an object") },
);

/** Schema of {@link DecideManyRequest}. */
export const decideManySchema: z.ZodType<DecideManyRequest> = z.strictObject(
  {
    flags: z
      .array(flagKeySchema, { error: typeMessage("a list of flag keys") })
      .min(1, { error: "must name at least one flag", abort: true })
      .max(MAX_FLAGS, { error: `must name at most ${MAX_FLAGS} flags`, abort: true })
      .refine((flags) => new Set(flags).size === flags.length, {
        error: "must not name a flag twice",
      }),
    ...fields,
  },
  { error: typeMessage("an object") },
);

/**
 * Reads the body of `POST /v1/decide` as `JSON.parse` gives it. Defaults are filled in; fields that are not part of the
 * request are faults.
 */
export function readDecideRequest(body: unknown): Read<DecideRequest> {
  if (!names(body, "flags")) return readWith(decideOneSchema, body);
  if (!names(body, "flag")) return readWith(decideManySchema, body);
  return { ok: false, faults: [{ path: "", message: "must have either flag or flags, not both" }] };
}

function names(body: unknown, field: "flag" | "flags"): boolean {
  return typeof body === "object" && body !== null && Object.hasOwn(body, field);
}
