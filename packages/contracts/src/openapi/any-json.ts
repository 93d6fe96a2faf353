import type { JsonObject, JsonValue } from "@lotty/domain";
import { z } from "zod";

/** Any JSON value. Not looked into: it is ours, or was checked where it came in. */
export const anyJsonSchema: z.ZodType<JsonValue> = z.custom<JsonValue>();

/** Any JSON object, taken as it is. */
export const anyJsonObjectSchema: z.ZodType<JsonObject> = z
  .custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
  .meta({ type: "object" });
