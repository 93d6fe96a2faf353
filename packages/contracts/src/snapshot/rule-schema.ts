import type { Rule, RuleLiteral } from "@lotty/domain";
import { z } from "zod";

/** Schema of a constant in a rule. */
export const ruleLiteralSchema: z.ZodType<RuleLiteral> = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("string"), value: z.string() }),
    z.object({ type: z.literal("number"), value: z.number() }),
    z.object({ type: z.literal("boolean"), value: z.boolean() }),
    z.object({ type: z.literal("null") }),
    z.object({ type: z.literal("semver"), value: z.string() }),
    z.object({ type: z.literal("date"), value: z.string() }),
  ])
  .meta({ id: "RuleLiteral" });

const path = z.array(z.string()).min(1).meta({ description: "Names from the subject's attributes inwards." });

/** Schema of the tree of a targeting rule. */
export const ruleSchema: z.ZodType<Rule> = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("or"), operands: z.array(z.lazy(() => ruleSchema)) }),
    z.object({ kind: z.literal("and"), operands: z.array(z.lazy(() => ruleSchema)) }),
    z.object({ kind: z.literal("not"), operand: z.lazy(() => ruleSchema) }),
    z.object({ kind: z.literal("segment"), key: z.string(), negated: z.boolean() }),
    z.object({
      kind: z.literal("comparison"),
      path,
      operator: z.enum(["==", "!=", ">", ">=", "<", "<="]),
      literal: ruleLiteralSchema,
    }),
    z.object({ kind: z.literal("membership"), path, negated: z.boolean(), literals: z.array(ruleLiteralSchema) }),
    z.object({ kind: z.literal("between"), path, low: ruleLiteralSchema, high: ruleLiteralSchema }),
    z.object({ kind: z.literal("contains"), path, literal: ruleLiteralSchema }),
    z.object({
      kind: z.literal("text"),
      path,
      operator: z.enum(["STARTS_WITH", "ENDS_WITH", "MATCHES"]),
      operand: z.string(),
    }),
    z.object({ kind: z.literal("exists"), path }),
  ])
  .meta({ id: "Rule" });
