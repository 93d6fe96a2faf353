import { FULL_ALLOCATION, type FlagValueType } from "@lotty/domain";
import type { FlagRuleDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readTargeting, type RuleSurroundings } from "./read-targeting.ts";
import { readValue } from "./read-value.ts";
import { isUuid } from "./uuid.ts";

/** Where the rules of flags are read in. */
export interface FlagSurroundings extends RuleSurroundings {
  /** Where the ids of rules stand that have been read; filled on the way. */
  readonly ruleIds: Map<string, Located>;
}

/** Where the rules of one flag are read in; `type` is that of the flag, where it is known. */
export interface FlagRuleSurroundings extends FlagSurroundings {
  readonly type: FlagValueType | undefined;
}

/** Reads the rules of one flag. */
export function readFlagRules(
  reader: NodeReader,
  value: Located,
  surroundings: FlagRuleSurroundings,
): readonly FlagRuleDefinition[] | undefined {
  const items = reader.items(value);
  if (items === undefined) return undefined;
  if (items.length > DEFINITION_LIMITS.maxRules) {
    return reader.reject(value, `a flag has at most ${DEFINITION_LIMITS.maxRules} rules`);
  }
  const rules = items.map((item) => readFlagRule(reader, item, surroundings));
  const last = rules.findIndex((rule) => rule?.if === null && rule.rollout >= FULL_ALLOCATION);
  const unreached = last < 0 ? undefined : items[last + 1];
  if (unreached !== undefined) {
    const message = "is never asked: the rule before it gives its value to everyone";
    reader.problems.warn(unreached.place, unreached.path, { message });
  }
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function readFlagRule(
  reader: NodeReader,
  item: Located,
  surroundings: FlagRuleSurroundings,
): FlagRuleDefinition | undefined {
  const fields = reader.fields(item, ["id", "if", "value", "rollout"]);
  if (fields === undefined) return undefined;
  const valueField = reader.required(fields, "value");
  const id = fields.id === undefined ? null : readId(reader, fields.id, surroundings.ruleIds);
  const condition = fields.if === undefined ? null : readTargeting(reader, fields.if, surroundings);
  const value = valueField && readValue(reader, valueField, surroundings.type);
  const rollout = fields.rollout === undefined ? FULL_ALLOCATION : reader.hundredths(fields.rollout, FULL_ALLOCATION);
  if (id === undefined || condition === undefined || value === undefined || rollout === undefined) return undefined;
  return { id, if: condition, value, rollout };
}

function readId(reader: NodeReader, value: Located, seen: Map<string, Located>): string | undefined {
  const id = reader.text(value);
  if (id === undefined) return undefined;
  if (!isUuid(id)) return reader.reject(value, "must be a UUID in lower case", "leave it out, and Lotty makes one");
  const earlier = seen.get(id);
  if (earlier !== undefined) {
    const { line } = reader.problems.position(earlier.place);
    return reader.reject(value, `there is another rule with this id on line ${line}`, "leave it out in a new rule");
  }
  seen.set(id, value);
  return id;
}
