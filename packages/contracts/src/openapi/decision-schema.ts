import { DECISION_REASONS } from "@lotty/domain";
import { z } from "zod";
import type { DecideRequest } from "../decide-request.ts";
import { decideManySchema, decideOneSchema } from "../decide-request.ts";
import type { DecisionResponse, DecisionsResponse } from "../present-decision.ts";
import { anyJsonSchema } from "./any-json.ts";

/** Schema of the body of `POST /v1/decide`. Reading it tells more precisely what is wrong: see `readDecideRequest`. */
export const decideSchema: z.ZodType<DecideRequest> = z.union([decideOneSchema, decideManySchema]).meta({
  id: "DecideRequest",
});

/** Schema of {@link DecisionResponse}. */
export const decisionSchema: z.ZodType<DecisionResponse> = z
  .strictObject({
    decision_id: z.uuid(),
    flag: z.string(),
    value: anyJsonSchema,
    experiment_id: z.uuid().nullable(),
    variant_id: z.uuid().nullable(),
    rule_id: z.uuid().exactOptional().meta({ description: "Only there when a rule of the flag gave the value." }),
    reason: z.enum(DECISION_REASONS),
    durability: z.enum(["committed", "queued", "spooled", "none"]),
    degraded: z.literal(true).exactOptional().meta({ description: "Only there while the database is away." }),
  })
  .meta({ id: "Decision" });

const decisionsSchema: z.ZodType<DecisionsResponse> = z
  .strictObject({ decisions: z.array(decisionSchema).meta({ description: "In the order of the request." }) })
  .meta({ id: "Decisions" });

/** Schema of the answer of `POST /v1/decide`. */
export const decideAnswerSchema: z.ZodType<DecisionResponse | DecisionsResponse> = z
  .union([decisionSchema, decisionsSchema])
  .meta({ id: "DecideAnswer" });
