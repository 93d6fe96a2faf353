import { isJsonObject, type JsonObject, type JsonValue } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";
import { isAtMostDeep } from "./json-depth.ts";
import { SCHEMA_LIMITS } from "./schema-limits.ts";

const ONE_SCHEMA = [
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
];
const LISTED_SCHEMAS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED_SCHEMAS = ["dependentSchemas", "patternProperties", "properties"];
/** What names schemas for others, or loads them from elsewhere. */
const REFUSED = ["$anchor", "$async", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveRef", "$vocabulary"];
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const LOCAL_REFERENCE = /^#\/\$defs\/([\w.-]+)$/;
const COUNTED_REPETITION = /\{(\d+)(?:,(\d*))?\}/g;

/**
 * Why a schema is more than a check should have to do; `undefined` when it is within {@link SCHEMA_LIMITS}. Whether it is a schema
 * at all is another question. Linear in the size of the schema.
 */
export function schemaFault(schema: JsonValue): string | undefined {
  if (!isAtMostDeep(schema, SCHEMA_LIMITS.depth)) return `A schema is nested at most ${SCHEMA_LIMITS.depth} deep.`;
  if (canonicalJson(schema).length > SCHEMA_LIMITS.characters) {
    return `A schema has at most ${SCHEMA_LIMITS.characters} characters.`;
  }
  if (typeof schema === "boolean") return undefined;
  if (!isJsonObject(schema)) return "A schema is an object, true or false.";
  const measure = new SchemaMeasure(schema);
  const { size, fault } = measure.take(schema);
  if (fault !== undefined) return fault;
  if (size > SCHEMA_LIMITS.expandedSchemas) {
    return `With its references followed a schema has at most ${SCHEMA_LIMITS.expandedSchemas} schemas in it.`;
  }
  return measure.patternCost > SCHEMA_LIMITS.patternCost ? "The patterns of the schema are too large." : undefined;
}

interface Measured {
  /** Schemas in it, with references followed. */
  readonly size: number;
  readonly fault?: string | undefined;
}

/** Measures a schema and all that it refers to, each definition once. */
class SchemaMeasure {
  patternCost = 0;
  readonly #definitions: JsonObject;
  readonly #known = new Map<string, Measured>();
  readonly #open = new Set<string>();

  constructor(root: JsonObject) {
    const definitions = ownValue(root, "$defs");
    this.#definitions = isJsonObject(definitions) ? definitions : {};
  }

  take(schema: JsonValue): Measured {
    if (!isJsonObject(schema)) return { size: 1 };
    const fault = this.#ownFault(schema);
    if (fault !== undefined) return { size: 1, fault };
    this.#addPatterns(schema);
    const parts = subschemas(schema).map((each) => this.take(each));
    const reference = ownValue(schema, "$ref");
    if (typeof reference === "string") parts.push(this.#follow(reference));
    return {
      size: parts.reduce((sum, { size }) => sum + size, 1),
      fault: parts.find((part) => part.fault !== undefined)?.fault,
    };
  }

  #follow(reference: string): Measured {
    const name = LOCAL_REFERENCE.exec(reference)?.[1];
    const definition = name === undefined ? undefined : ownValue(this.#definitions, name);
    if (name === undefined || definition === undefined) {
      return { size: 1, fault: `References lead to a definition in $defs, such as #/$defs/name, unlike ${reference}.` };
    }
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#open.has(name)) return { size: 1, fault: `The definition ${name} refers to itself.` };
    this.#open.add(name);
    const measured = this.take(definition);
    this.#open.delete(name);
    this.#known.set(name, measured);
    return measured;
  }

  #ownFault(schema: JsonObject): string | undefined {
    const refused = REFUSED.find((name) => Object.hasOwn(schema, name));
    if (refused !== undefined) return `${refused} is not supported.`;
    if (ownValue(schema, "$schema") !== undefined && ownValue(schema, "$schema") !== DIALECT) {
      return `Schemas are of the dialect ${DIALECT}.`;
    }
    const most = ownValue(schema, "maxItems");
    if (ownValue(schema, "uniqueItems") === true && !(typeof most === "number" && most <= SCHEMA_LIMITS.uniqueItems)) {
      return `uniqueItems needs a maxItems of at most ${SCHEMA_LIMITS.uniqueItems} beside it.`;
    }
    return undefined;
  }

  #addPatterns(schema: JsonObject): void {
    const pattern = ownValue(schema, "pattern");
    const byName = ownValue(schema, "patternProperties");
    const patterns = [
      ...(typeof pattern === "string" ? [pattern] : []),
      ...(isJsonObject(byName) ? Object.keys(byName) : []),
    ];
    for (const each of patterns) this.patternCost += costOf(each);
  }
}

function subschemas(schema: JsonObject): readonly JsonValue[] {
  const values = (name: string): readonly JsonValue[] => {
    const value = ownValue(schema, name);
    return typeof value === "object" && value !== null ? Object.values<JsonValue>(value) : [];
  };
  return [
    ...ONE_SCHEMA.map((name) => ownValue(schema, name)).filter((value) => value !== undefined),
    ...LISTED_SCHEMAS.flatMap(values),
    ...NAMED_SCHEMAS.flatMap(values),
  ];
}

/** Upper bound of what a pattern grows to when it is compiled. */
function costOf(pattern: string): number {
  let factor = 1;
  for (const [, least = "1", most = ""] of pattern.matchAll(COUNTED_REPETITION)) {
    factor *= Math.max(1, Number(least), Number(most));
  }
  return pattern.length * factor;
}

function ownValue(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
