import type { JsonValue } from "@lotty/domain";
import { z } from "zod";
import { problemFields, problemSchema } from "../openapi/problem-schema.ts";
import type { Problem } from "../problem.ts";
import { anyJsonSchema } from "../openapi/any-json.ts";
import { OFREP_ERROR_CODES, type OfrepErrorCode } from "./ofrep-request.ts";

/** Reasons that the protocol has for a successful evaluation. */
export const OFREP_REASONS = ["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED", "UNKNOWN"] as const;

/** One of {@link OFREP_REASONS}. */
export type OfrepReason = (typeof OFREP_REASONS)[number];

/** Facts beside a value; clients keep primitives only. */
export type OfrepMetadata = Readonly<Record<string, string | number | boolean>>;

/** A flag as it is evaluated for a subject. */
export interface OfrepEvaluation {
  readonly key: string;
  readonly value: JsonValue;
  readonly reason: OfrepReason;
  /** Name of the variant, when an experiment took the subject. */
  readonly variant?: string;
  readonly metadata: OfrepMetadata;
}

/** Where a client hears of changes. */
export interface OfrepEventStream {
  readonly type: "sse";
  /** Relative to the origin at which the client found us. */
  readonly endpoint: { readonly requestUri: string };
}

/** Answer of `POST /ofrep/v1/evaluate/flags`. */
export interface OfrepBulkEvaluation {
  readonly flags: readonly OfrepEvaluation[];
  readonly eventStreams: readonly OfrepEventStream[];
  readonly metadata: OfrepMetadata;
}

/** A problem as both RFC 9457 and the protocol want it. */
export interface OfrepProblem extends Problem {
  /** The flag that was asked for; only in answers to requests for one. */
  readonly key?: string;
  readonly errorCode: OfrepErrorCode;
  /** The detail once more; absent when something failed here. */
  readonly errorDetails?: string;
}

const metadataSchema: z.ZodType<OfrepMetadata> = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Schema of {@link OfrepEvaluation}. */
export const ofrepEvaluationSchema: z.ZodType<OfrepEvaluation> = z
  .strictObject({
    key: z.string(),
    value: anyJsonSchema,
    reason: z.enum(OFREP_REASONS),
    variant: z.string().exactOptional(),
    metadata: metadataSchema,
  })
  .meta({ id: "OfrepEvaluation" });

/** Schema of {@link OfrepBulkEvaluation}. */
export const ofrepBulkSchema: z.ZodType<OfrepBulkEvaluation> = z
  .strictObject({
    flags: z.array(ofrepEvaluationSchema),
    eventStreams: z.array(
      z.strictObject({ type: z.literal("sse"), endpoint: z.strictObject({ requestUri: z.string() }) }),
    ),
    metadata: metadataSchema,
  })
  .meta({ id: "OfrepBulkEvaluation" });

/** Schema of {@link OfrepProblem}. */
export const ofrepProblemSchema: z.ZodType<OfrepProblem> = z
  .strictObject({
    ...problemFields,
    key: z.string().exactOptional(),
    errorCode: z.enum(OFREP_ERROR_CODES),
    errorDetails: z.string().exactOptional(),
  })
  .meta({ id: "OfrepProblem" });

/** Schema of every problem that a route of the protocol answers with: who is turned away at the door gets a plain one. */
export const ofrepAnyProblemSchema: z.ZodType<OfrepProblem | Problem> = z
  .union([ofrepProblemSchema, problemSchema])
  .meta({ id: "OfrepAnyProblem" });
