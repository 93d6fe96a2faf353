import type { JsonObject } from "@lotty/domain";
import { z } from "zod";
import { anyJsonObjectSchema } from "./any-json.ts";

const PREFIX = "#/components/schemas/";

/** Collects the schemas that a document refers to, and those that they refer to. */
export class ComponentSchemas {
  readonly #taken = new Map<string, JsonObject>();
  readonly #requests = namedSchemas("input");
  readonly #answers = namedSchemas("output");

  /** A reference to the schema of something that callers send. */
  request(schema: z.ZodType): JsonObject {
    return this.#refer(idOf(schema), this.#requests);
  }

  /** A reference to the schema of something that callers get. */
  answer(schema: z.ZodType): JsonObject {
    return this.#refer(idOf(schema), this.#answers);
  }

  /** All schemas that were referred to, by id, in alphabetical order. */
  get schemas(): JsonObject {
    return Object.fromEntries([...this.#taken].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #refer(id: string, named: ReadonlyMap<string, JsonObject>): JsonObject {
    const schema = named.get(id);
    if (schema === undefined) throw new TypeError(`There is no schema with the id ${id}.`);
    const text = JSON.stringify(schema);
    const taken = this.#taken.get(id);
    if (taken === undefined) {
      this.#taken.set(id, schema);
      for (const [, inner = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) this.#refer(inner, named);
    } else if (JSON.stringify(taken) !== text) {
      throw new TypeError(`The schema ${id} is not the same in requests and in answers.`);
    }
    return { $ref: `${PREFIX}${id}` };
  }
}

function idOf(schema: z.ZodType): string {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new TypeError("A schema of the description needs an id.");
  return id;
}

/** Every schema with an id. What zod cannot express, such as a check in code, is left out of the form. */
function namedSchemas(io: "input" | "output"): ReadonlyMap<string, JsonObject> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { io, unrepresentable: "any", uri: (id) => `${PREFIX}${id}` });
  return new Map(Object.entries(schemas).map(([id, schema]) => [id, plainSchema(schema)]));
}

/** What zod writes about a schema as such, which has no place inside a document. */
const ABOUT_THE_SCHEMA: ReadonlySet<string> = new Set(["$schema", "$id", "id", "~standard"]);

/** A schema as zod makes it, as a part of a document. */
export function plainSchema(schema: object): JsonObject {
  return anyJsonObjectSchema.parse(
    Object.fromEntries(Object.entries(schema).filter(([name]) => !ABOUT_THE_SCHEMA.has(name))),
  );
}
