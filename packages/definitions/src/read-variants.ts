import type { FlagValueType } from "@lotty/domain";
import type { VariantDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readValue } from "./read-value.ts";

interface VariantReading {
  readonly place: Located;
  readonly variant: VariantDefinition;
}

/** Reads the variants of one experiment. `type` is the type of its flag, where that is known. */
export function readVariants(
  reader: NodeReader,
  value: Located,
  type: FlagValueType | undefined,
): readonly VariantDefinition[] | undefined {
  const items = reader.items(value);
  if (items === undefined) return undefined;
  if (items.length > DEFINITION_LIMITS.maxVariants) {
    return reader.reject(value, `an experiment has at most ${DEFINITION_LIMITS.maxVariants} variants`);
  }
  const readings = items.map((item) => readVariant(reader, item, type));
  const complete = readings.filter((reading) => reading !== undefined);
  checkNames(reader, complete);
  checkControl(reader, complete);
  if (complete.length < readings.length) return undefined;
  const variants = complete.map((reading) => reading.variant);
  if (variants.length > 0 && variants.every((variant) => variant.weight === 0)) {
    return reader.reject(value, "no variant can be drawn: all weights are 0");
  }
  return variants;
}

function readVariant(reader: NodeReader, value: Located, type: FlagValueType | undefined): VariantReading | undefined {
  const fields = reader.fields(value, ["name", "value", "weight", "control"]);
  if (fields === undefined) return undefined;
  const nameField = reader.required(fields, "name");
  const valueField = reader.required(fields, "value");
  const weightField = reader.required(fields, "weight");
  const name = nameField && reader.name(nameField);
  const content = valueField && readValue(reader, valueField, type);
  const weight = weightField && reader.hundredths(weightField, DEFINITION_LIMITS.maxWeight);
  const control = fields.control === undefined ? false : reader.boolean(fields.control);
  if (nameField === undefined || name === undefined) return undefined;
  if (content === undefined || weight === undefined || control === undefined) return undefined;
  return { place: nameField, variant: { name, value: content, weight, control } };
}

function checkNames(reader: NodeReader, readings: readonly VariantReading[]): void {
  const seen = new Set<string>();
  for (const { place, variant } of readings) {
    if (seen.has(variant.name)) reader.reject(place, `the experiment has two variants named \`${variant.name}\``);
    seen.add(variant.name);
  }
}

function checkControl(reader: NodeReader, readings: readonly VariantReading[]): void {
  for (const { place } of readings.filter((reading) => reading.variant.control).slice(1)) {
    reader.reject(place, "an experiment has at most one control", "leave `control: true` at one variant");
  }
}
