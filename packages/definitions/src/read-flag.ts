import { FLAG_VALUE_TYPES, type FlagValueType } from "@lotty/domain";
import type { FlagDefinition } from "./definitions.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readFlagRules, type FlagSurroundings } from "./read-flag-rules.ts";
import { readValue } from "./read-value.ts";

/** What could be read of a flag; a flag with faults still has a key that others may refer to. */
export interface FlagReading {
  readonly key: string;
  readonly place: Located;
  readonly type: FlagValueType | undefined;
  readonly definition: FlagDefinition | undefined;
}

/** Reads one element of `flags`. */
export function readFlag(reader: NodeReader, value: Located, surroundings: FlagSurroundings): FlagReading | undefined {
  const fields = reader.fields(value, ["key", "type", "default", "enabled", "rules"]);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "key");
  const typeField = reader.required(fields, "type");
  const defaultField = reader.required(fields, "default");
  const key = place && reader.name(place);
  const type = typeField && reader.choice(typeField, FLAG_VALUE_TYPES);
  const defaultValue = defaultField && readValue(reader, defaultField, type);
  const enabled = fields.enabled === undefined ? true : reader.boolean(fields.enabled);
  const rules = fields.rules === undefined ? [] : readFlagRules(reader, fields.rules, { ...surroundings, type });
  if (place === undefined || key === undefined) return undefined;
  const reading = { key, place, type };
  if (type === undefined || defaultValue === undefined || enabled === undefined || rules === undefined) {
    return { ...reading, definition: undefined };
  }
  return { ...reading, definition: { key, type, default: defaultValue, enabled, rules } };
}
