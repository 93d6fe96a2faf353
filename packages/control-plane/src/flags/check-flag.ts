import {
  FULL_ALLOCATION,
  isConcluded,
  segmentsNamedIn,
  valueHasType,
  type Configuration,
  type Flag,
  type FlagDetails,
  type JsonValue,
} from "@lotty/domain";
import { parse } from "@lotty/dsl";
import { keyFault } from "../key-fault.ts";
import type { Refusal } from "../refusal.ts";
import type { ValueSchemas } from "@lotty/value-schemas";

/** Most tags, and the longest. */
const MAX_TAGS = 50;
const MAX_TAG_LENGTH = 64;

/** A flag as it would be, with its surroundings. */
export interface FlagCheck {
  readonly flag: Flag;
  readonly details: FlagDetails;
  readonly configuration: Configuration;
  readonly schemas: ValueSchemas;
}

/** All that is wrong with a flag; what its experiments give counts as its values, unless they are over. */
export function flagRefusals(check: FlagCheck): readonly Refusal[] {
  const { flag, details, configuration, schemas } = check;
  const refusals: Refusal[] = [];
  const fault = keyFault(flag.key);
  if (fault !== undefined) refusals.push(invalid("key", fault));
  if (configuration.flags.some(({ id, key }) => id !== flag.id && key === flag.key)) {
    refusals.push({ code: "key_taken", message: `Another flag is called ${flag.key}.`, key: flag.key });
  }
  const schemaFault = schemas.schemaFault(details.valueSchema);
  if (schemaFault === undefined) refusals.push(...valueRefusals(check));
  else refusals.push(invalid("valueSchema", schemaFault));
  return [...refusals, ...ruleRefusals(check), ...tagRefusals(details)];
}

/** What is wrong with the values that a flag and its experiments give. */
export function valueRefusals({ flag, details, configuration, schemas }: FlagCheck): readonly Refusal[] {
  const variants = configuration.experiments
    .filter(({ flagId, status }) => flagId === flag.id && !isConcluded(status) && status !== "rejected")
    .flatMap(({ key, variants: arms }) =>
      arms.map(({ name, value }) => ({ field: `experiments.${key}.${name}`, value })),
    );
  const values: readonly { readonly field: string; readonly value: JsonValue }[] = [
    { field: "defaultValue", value: flag.defaultValue },
    ...flag.rules.map(({ value }, index) => ({ field: `rules.${index}.value`, value })),
    ...variants,
  ];
  return values.flatMap(({ field, value }) => {
    if (!valueHasType(value, flag.valueType)) return [invalid(field, `It is not of type ${flag.valueType}.`)];
    const fault = schemas.valueFault(details.valueSchema, value);
    return fault === undefined ? [] : [invalid(field, fault)];
  });
}

function ruleRefusals({ flag, configuration }: FlagCheck): readonly Refusal[] {
  const ids = new Set<string>();
  const segments = new Set(configuration.segments.map(({ key }) => key));
  return flag.rules.flatMap(({ id, targetingRules, rollout }, index) => {
    const refusals: Refusal[] = [];
    if (ids.has(id)) refusals.push(invalid(`rules.${index}.id`, "Another rule of the flag has this id."));
    ids.add(id);
    if (!Number.isInteger(rollout) || rollout < 0 || rollout > FULL_ALLOCATION) {
      refusals.push(invalid(`rules.${index}.rollout`, "A rollout lies between 0.00 % and 100.00 %."));
    }
    const parsed = parse(targetingRules);
    if (!parsed.ok) {
      const [first] = parsed.diagnostics;
      refusals.push(invalid(`rules.${index}.targetingRules`, first?.message ?? "The rule cannot be read."));
    } else {
      const unknown = segmentsNamedIn(parsed.rule).filter((key) => !segments.has(key));
      for (const key of unknown) refusals.push(invalid(`rules.${index}.targetingRules`, `There is no segment ${key}.`));
    }
    return refusals;
  });
}

function tagRefusals({ tags }: FlagDetails): readonly Refusal[] {
  const isFine = tags.length <= MAX_TAGS && tags.every((tag) => tag.trim() !== "" && tag.length <= MAX_TAG_LENGTH);
  return isFine ? [] : [invalid("tags", `There are at most ${MAX_TAGS} tags of 1 to ${MAX_TAG_LENGTH} characters.`)];
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}
