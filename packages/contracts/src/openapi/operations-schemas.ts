import { z } from "zod";

/** Answer of `GET /livez`. */
export const livezSchema: z.ZodType = z.looseObject({ status: z.string() }).meta({ id: "Liveness" });

/** Answer of `GET /readyz`. */
export const readyzSchema: z.ZodType = z
  .looseObject({
    status: z.string(),
    checks: z.record(z.string(), z.looseObject({ status: z.string() })),
  })
  .meta({ id: "Readiness", description: "Each check shows besides what it found." });

/** Answer of `GET /openapi.json`: what is in it, the specification of OpenAPI tells. */
export const openApiDocumentSchema: z.ZodType = z
  .looseObject({ openapi: z.literal("3.1.0"), info: z.looseObject({}), paths: z.looseObject({}) })
  .meta({ id: "OpenApiDocument" });
