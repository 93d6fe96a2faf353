import { z } from "zod";
import { environmentKeyQuerySchema } from "../environments/environment-contracts.ts";
import type { OperationParameter } from "./operation.ts";

/** `Last-Event-ID` of a stream of revisions. */
export const lastEventIdSchema: z.ZodType<string> = z.string().regex(/^\d+$/);

/** How a stream of revisions tags them. */
export const revisionTagSchema: z.ZodType<string> = z.string().meta({ examples: ['"17"'] });

/** `If-None-Match` of routes that have an `ETag`. */
export const ifNoneMatchParameter: OperationParameter = {
  name: "If-None-Match",
  in: "header",
  description: "The tag of what the caller has; 304 when it is still right.",
  schema: z.string(),
};

/** `Idempotency-Key` of routes that make something. */
export const idempotencyKeyParameter: OperationParameter = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "16 to 255 visible ASCII characters of the caller's choice, such as a random UUID. Sent again with the same key within 24 hours, " +
    "the request is not carried out again, and answered as it was, with `Idempotent-Replayed: true`.",
  schema: z.string(),
};

/** `environment` of routes that are about one environment. */
export const environmentParameter: OperationParameter = {
  name: "environment",
  in: "query",
  description:
    "Key of the environment. Left out, it is the one that the API key is bound to, else production. An API key is refused any other " +
    "than its own.",
  schema: environmentKeyQuerySchema,
};
