import { compareCodePoints, FLAG_VALUE_TYPES, type FlagValueType } from "@lotty/domain";
import type { FlagDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Fields, Located, NodeReader } from "./node-reader.ts";
import { readFlagRules, type FlagSurroundings } from "./read-flag-rules.ts";
import { readNames, readText } from "./read-texts.ts";
import { readValue } from "./read-value.ts";

/** What could be read of a flag; a flag with faults still has a key that others may refer to. */
export interface FlagReading {
  readonly key: string;
  readonly place: Located;
  readonly type: FlagValueType | undefined;
  readonly definition: FlagDefinition | undefined;
}

const FIELDS = [
  "key",
  "type",
  "default",
  "enabled",
  "rules",
  "description",
  "owner",
  "tags",
  "schema",
  "archived",
] as const;

/** Reads one element of `flags`. */
export function readFlag(reader: NodeReader, value: Located, surroundings: FlagSurroundings): FlagReading | undefined {
  const fields = reader.fields(value, FIELDS);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "key");
  const typeField = reader.required(fields, "type");
  const defaultField = reader.required(fields, "default");
  const key = place && reader.name(place);
  const type = typeField && reader.choice(typeField, FLAG_VALUE_TYPES);
  const defaultValue = defaultField && readValue(reader, defaultField, type);
  const enabled = fields.enabled === undefined ? true : reader.boolean(fields.enabled);
  const rules = fields.rules === undefined ? [] : readFlagRules(reader, fields.rules, { ...surroundings, type });
  const said = readSaid(reader, fields);
  if (place === undefined || key === undefined) return undefined;
  const reading = { key, place, type };
  if (type === undefined || defaultValue === undefined || enabled === undefined || rules === undefined) {
    return { ...reading, definition: undefined };
  }
  const definition = said && { key, type, default: defaultValue, enabled, rules, ...said };
  return { ...reading, definition };
}

function readSaid(
  reader: NodeReader,
  fields: Fields<(typeof FIELDS)[number]>,
): Pick<FlagDefinition, "description" | "owner" | "tags" | "schema" | "archived"> | undefined {
  const description = readText(reader, fields.description, DEFINITION_LIMITS.maxTextLength);
  const owner = readText(reader, fields.owner, DEFINITION_LIMITS.maxKeyLength);
  const tags = fields.tags === undefined ? [] : readNames(reader, fields.tags);
  const schema = fields.schema === undefined ? null : reader.json(fields.schema);
  const archived = fields.archived === undefined ? false : reader.boolean(fields.archived);
  if (description === undefined || owner === undefined || tags === undefined) return undefined;
  if (schema === undefined || archived === undefined) return undefined;
  return { description, owner, tags: tags.toSorted(compareCodePoints), schema, archived };
}
