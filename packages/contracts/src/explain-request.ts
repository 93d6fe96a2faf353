import type { JsonObject } from "@lotty/domain";
import { z } from "zod";
import { type Read, readWith } from "./read-request.ts";
import { attributesSchema, flagKeySchema, subjectIdSchema, typeMessage } from "./request-fields.ts";

/** Body of `POST /v1/explain`. */
export interface ExplainRequest {
  readonly flag: string;
  readonly subject_id: string;
  /** Empty when left out. */
  readonly attributes: JsonObject;
}

/** Schema of {@link ExplainRequest}. */
export const explainSchema: z.ZodType<ExplainRequest> = z.strictObject(
  { flag: flagKeySchema, subject_id: subjectIdSchema, attributes: attributesSchema.prefault({}) },
  { error: typeMessage("an object") },
);

/** Reads the body of `POST /v1/explain` as `JSON.parse` gives it; see {@link ExplainRequest}. */
export function readExplainRequest(body: unknown): Read<ExplainRequest> {
  return readWith(explainSchema, body);
}
