import type { Definitions, FlagDefinition } from "@lotty/definitions";
import { isConcluded, type JsonValue } from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import type { Refusal } from "../refusal.ts";

/** What is wrong with the schemas of a file, and with values that are not what they ask for. */
export function schemaRefusals(
  { eventTypes, experiments, flags }: Pick<Definitions, "eventTypes" | "experiments" | "flags">,
  schemas: ValueSchemas,
): readonly Refusal[] {
  const withSchema = new Map(flags.flatMap((flag) => (flag.schema === null ? [] : [[flag.key, flag] as const])));
  const ofFlags = [...withSchema.values()].flatMap((flag) => flagRefusals(flag, schemas));
  const ofVariants = experiments.flatMap(({ flag: flagKey, key, status, variants }) => {
    const flag = withSchema.get(flagKey);
    if (flag === undefined || isConcluded(status) || status === "rejected") return [];
    return variants.flatMap(({ name, value }) =>
      valueRefusals({ field: `experiments.${key}.variants.${name}`, value }, flag, schemas),
    );
  });
  const ofEvents = eventTypes.flatMap(({ key, schema }): readonly Refusal[] => {
    const fault = schemas.schemaFault(schema);
    return fault === undefined ? [] : [{ code: "invalid_field", field: `event_types.${key}.schema`, message: fault }];
  });
  return [...ofFlags, ...ofVariants, ...ofEvents];
}

function flagRefusals(flag: FlagDefinition, schemas: ValueSchemas): readonly Refusal[] {
  const field = `flags.${flag.key}`;
  const fault = schemas.schemaFault(flag.schema);
  if (fault !== undefined) return [{ code: "invalid_field", field: `${field}.schema`, message: fault }];
  return [
    ...valueRefusals({ field: `${field}.default`, value: flag.default }, flag, schemas),
    ...flag.rules.flatMap(({ value }, index) =>
      valueRefusals({ field: `${field}.rules.${index}.value`, value }, flag, schemas),
    ),
  ];
}

interface FieldValue {
  readonly field: string;
  readonly value: JsonValue;
}

function valueRefusals(
  { field, value }: FieldValue,
  { schema }: FlagDefinition,
  schemas: ValueSchemas,
): readonly Refusal[] {
  if (schemas.schemaFault(schema) !== undefined) return [];
  const fault = schemas.valueFault(schema, value);
  return fault === undefined ? [] : [{ code: "invalid_field", field, message: fault }];
}
