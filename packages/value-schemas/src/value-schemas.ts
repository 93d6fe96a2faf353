import { isJsonObject, type JsonValue } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { RE2JS } from "re2js";
import { isAtMostDeep } from "./json-depth.ts";
import { schemaFault } from "./schema-fault.ts";
import { SCHEMA_LIMITS } from "./schema-limits.ts";

/** Compiled schemas that are kept; the one that was compiled first goes first. */
const KEPT = 500;

type Compiled =
  | { readonly ok: true; readonly validate: ValidateFunction }
  | { readonly ok: false; readonly fault: string };

/**
 * Checks values against JSON Schemas (draft 2020-12, strict: an unknown keyword is a fault). Patterns are matched by RE2, in
 * linear time, so a schema from outside cannot stop the process. Each schema is compiled once.
 */
export class ValueSchemas {
  readonly #compiled = new Map<string, Compiled>();
  #ajv = newCompiler();
  /** Schemas that the compiler has compiled. */
  #count = 0;

  /** Why a schema cannot be used; `undefined` when it can. `null` is no schema and fine. */
  schemaFault(schema: JsonValue): string | undefined {
    if (schema === null) return undefined;
    const compiled = this.#compile(schema);
    return compiled.ok ? undefined : compiled.fault;
  }

  /** Why a value is not what a schema asks for, or larger than a value may be; `undefined` when it is fine. */
  valueFault(schema: JsonValue, value: JsonValue): string | undefined {
    if (!isAtMostDeep(value, SCHEMA_LIMITS.depth)) return `A value is nested at most ${SCHEMA_LIMITS.depth} deep.`;
    if (canonicalJson(value).length > SCHEMA_LIMITS.valueCharacters) {
      return `A value has at most ${SCHEMA_LIMITS.valueCharacters} characters.`;
    }
    if (schema === null) return undefined;
    const compiled = this.#compile(schema);
    if (!compiled.ok) return `The schema cannot be used: ${compiled.fault}`;
    if (compiled.validate(value)) return undefined;
    const [first] = compiled.validate.errors ?? [];
    const place = first === undefined || first.instancePath === "" ? "The value" : `The value at ${first.instancePath}`;
    return `${place} ${first?.message ?? "is not what the schema asks for"}.`;
  }

  #compile(schema: JsonValue): Compiled {
    const fault = schemaFault(schema);
    if (fault !== undefined) return { ok: false, fault };
    const text = canonicalJson(schema);
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const compiled = this.#compileNew(schema);
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size < KEPT) break;
      this.#compiled.delete(oldest);
    }
    this.#compiled.set(text, compiled);
    return compiled;
  }

  #compileNew(schema: JsonValue): Compiled {
    const accepted = isJsonObject(schema) ? { ...schema } : schema === true ? {} : { not: {} };
    // A compiler keeps something of every schema it ever saw (about 14 kB), so it is not kept for ever itself.
    if (this.#count === KEPT) {
      this.#ajv = newCompiler();
      this.#count = 0;
    }
    this.#count += 1;
    try {
      return { ok: true, validate: this.#ajv.compile(accepted) };
    } catch (error) {
      return { ok: false, fault: error instanceof Error ? `${error.message}.` : "It is not a schema." };
    }
  }
}

function newCompiler(): Ajv2020 {
  return new Ajv2020({
    strict: true,
    // `title` and the like say nothing wrong about a type; a union of types is common for flags that may be null.
    strictTypes: false,
    strictRequired: false,
    ownProperties: true,
    logger: false,
    code: { regExp: linearRegExp },
  });
}

/** Patterns for the schema compiler. What RE2 does not know (look-around, back-references) is refused when a schema is compiled. */
const linearRegExp: { (pattern: string): { test(text: string): boolean }; code: string } = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // The compiler shares patterns whose texts are the same.
    return { test: (text: string): boolean => compiled.test(text), toString: (): string => `RE2 ${pattern}` };
  },
  { code: "linearRegExp" },
);
