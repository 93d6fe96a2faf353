import type { JsonObject, JsonValue } from "@lotty/domain";
import { bucket } from "./bucket.ts";
import type { ModelDefinitions, ModelFlag } from "./configuration.ts";
import { test } from "./rule.ts";

/** The value of whom no experiment takes, and the rule that gave it. */
export interface RuledValue {
  readonly value: JsonValue;
  readonly ruleId: string | null;
}

/** Asks the rules of a flag in their order: the first that means the subject and whose rollout takes it, else the default. */
export function ruledValue(
  { segments }: ModelDefinitions,
  flag: ModelFlag,
  { attributes, subject }: { readonly attributes: JsonObject; readonly subject: string },
): RuledValue {
  const giving = flag.rules?.find(
    ({ id, rollout, rule }) =>
      (rule === null || test(rule, attributes, segments) === "true") && bucket(subject, id, "rollout") < rollout,
  );
  return giving === undefined ? { value: flag.default, ruleId: null } : { value: giving.value, ruleId: giving.id };
}
