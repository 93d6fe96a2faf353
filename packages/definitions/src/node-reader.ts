import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { type Hundredths, type JsonValue, parseHundredths } from "@lotty/domain";
import { closestName } from "./closest-name.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Complaint, Place, ProblemList } from "./problem-list.ts";

/** A value in the document with the place that problems with it are reported at. */
export interface Located {
  /** `null` when nothing is written there, as after `key:`. */
  readonly node: Node | null;
  readonly place: Place;
  readonly path: string;
  /** The name before it, when it is a field. */
  readonly key?: Node;
}

/** The fields of a mapping by name. */
export type Fields<Name extends string> = Readonly<Partial<Record<Name, Located>>> & {
  /** The mapping itself, where a missing field is reported. */
  readonly self: Located;
};

/** Reads typed values from the nodes of one document. Each method gives `undefined` after adding a problem. */
export class NodeReader {
  readonly problems: ProblemList;
  readonly #document: Document.Parsed;
  #nodes = 0;
  #aliases = 0;

  constructor(document: Document.Parsed, problems: ProblemList) {
    this.#document = document;
    this.problems = problems;
  }

  /** Reports a problem with a value. */
  reject(value: Located, message: string, hint?: string): undefined {
    this.problems.add(value.place, value.path, { message, hint });
    return undefined;
  }

  /** The top of the document. */
  root(): Located {
    const contents: Node | null = this.#document.contents;
    return { node: contents, place: contents, path: "" };
  }

  /** A mapping whose fields all have one of the given names. */
  fields<Name extends string>(value: Located, names: readonly Name[]): Fields<Name> | undefined {
    const entries = this.entries(value);
    if (entries === undefined) return undefined;
    const found: Partial<Record<Name, Located>> = {};
    for (const [key, entry] of entries) {
      const name = names.find((known) => known === key);
      if (name !== undefined) found[name] = entry;
      else this.problems.add(entry.key, entry.path, unknownField(key, names));
    }
    return { ...found, self: value };
  }

  /** A field that must be there. */
  required<Name extends string>(fields: Fields<Name>, name: Name): Located | undefined {
    const field: Located | undefined = fields[name];
    return field ?? this.reject(fields.self, `the field \`${name}\` is missing`);
  }

  /** The elements of a list; an empty one where nothing is written. */
  items(value: Located): readonly Located[] | undefined {
    const node = this.#visit(value);
    if (node === undefined) return undefined;
    if (isEmpty(node)) return [];
    if (!isSeq<Node | null>(node)) return this.reject(value, `must be a list, not ${describe(node)}`);
    return node.items.map((item, index) => ({ node: item, place: item ?? node, path: `${value.path}[${index}]` }));
  }

  /** A text. */
  text(value: Located): string | undefined {
    const scalar = this.scalar(value, "a text");
    if (scalar === undefined) return undefined;
    if (typeof scalar.value === "string") return scalar.value;
    return this.reject(value, `must be a text, not ${describe(scalar)}`, "put it in quotes");
  }

  /** A name of something: not blank, of bounded length, with a UTF-8 form. */
  name(value: Located): string | undefined {
    const text = this.text(value);
    if (text === undefined) return undefined;
    if (text.trim() === "") return this.reject(value, "must not be blank");
    if (text.includes("\0") || !text.isWellFormed()) return this.reject(value, "must be valid Unicode without NUL");
    if (text.length <= DEFINITION_LIMITS.maxKeyLength) return text;
    return this.reject(value, `must have at most ${DEFINITION_LIMITS.maxKeyLength} characters`);
  }

  /** One of a set of words. */
  choice<Word extends string>(value: Located, words: readonly Word[]): Word | undefined {
    const scalar = this.scalar(value, `one of ${words.join(", ")}`);
    if (scalar === undefined) return undefined;
    const word = words.find((candidate) => candidate === scalar.value);
    if (word !== undefined) return word;
    const meant = closestName(String(scalar.value), words);
    const hint = meant === undefined ? undefined : `did you mean \`${meant}\`?`;
    return this.reject(value, `must be one of ${words.join(", ")}`, hint);
  }

  /** `true` or `false`. */
  boolean(value: Located): boolean | undefined {
    const scalar = this.scalar(value, "true or false");
    if (scalar === undefined) return undefined;
    if (typeof scalar.value === "boolean") return scalar.value;
    return this.reject(value, `must be true or false, not ${describe(scalar)}`, booleanHint(scalar.value));
  }

  /** A whole number in a range. */
  integer(value: Located, minimum: number, maximum: number): number | undefined {
    const scalar = this.scalar(value, "a whole number");
    if (scalar === undefined) return undefined;
    const { value: number } = scalar;
    if (typeof number !== "number" || !Number.isInteger(number)) {
      return this.reject(value, `must be a whole number, not ${describe(scalar)}`);
    }
    if (number >= minimum && number <= maximum) return number;
    return this.reject(value, `must lie between ${minimum} and ${maximum}`);
  }

  /** A finite number. */
  number(value: Located): number | undefined {
    const scalar = this.scalar(value, "a number");
    if (scalar === undefined) return undefined;
    const { value: number } = scalar;
    if (typeof number === "number" && Number.isFinite(number)) return Object.is(number, -0) ? 0 : number;
    return this.reject(value, `must be a number, not ${describe(scalar)}`);
  }

  /** A decimal of two places, taken from the digits in the file and never through a binary fraction. */
  hundredths(value: Located, maximum: Hundredths): Hundredths | undefined {
    const scalar = this.scalar(value, "a decimal");
    if (scalar === undefined) return undefined;
    const digits = (typeof scalar.value === "number" ? scalar.source : String(scalar.value)) ?? "";
    const exact = parseHundredths(digits);
    if (exact !== undefined && exact <= maximum) return exact;
    if (exact !== undefined || /^-\d/.test(digits)) {
      return this.reject(value, `must lie between 0 and ${maximum / 100}`);
    }
    const hint = digits.endsWith("%") ? "leave the % sign out" : undefined;
    return this.reject(value, "must be a decimal with at most two places, such as 33.33", hint);
  }

  /** Any JSON value. */
  json(value: Located, depth = 0): JsonValue | undefined {
    const node = this.#visit(value);
    if (node === undefined) return undefined;
    if (depth > DEFINITION_LIMITS.maxDepth) return this.reject(value, "is nested too deeply");
    if (node === null) return null;
    if (isScalar(node)) return this.#jsonScalar(node, value);
    if (isSeq(node)) {
      const items = this.items(value)?.map((item) => this.json(item, depth + 1));
      return items?.every((item) => item !== undefined) ? items : undefined;
    }
    const members: [string, JsonValue][] = [];
    for (const [key, entry] of this.entries(value) ?? []) {
      const member = this.json(entry, depth + 1);
      if (member === undefined) return undefined;
      members.push([key, member]);
    }
    return Object.fromEntries(members);
  }

  /** A single value: not missing, not a list, not a mapping. */
  scalar(value: Located, wanted: string): Scalar | undefined {
    const node = this.#visit(value);
    if (node === undefined) return undefined;
    if (isEmpty(node)) return this.reject(value, `must be ${wanted}, not empty`);
    return isScalar(node) ? node : this.reject(value, `must be ${wanted}, not ${describe(node)}`);
  }

  /** The entries of a mapping by key, in order; keys that are no texts or occur twice are problems. */
  entries(value: Located): ReadonlyMap<string, Located> | undefined {
    const node = this.#visit(value);
    if (node === undefined) return undefined;
    if (!isMap<Node | null, Node | null>(node)) {
      return this.reject(value, `must be a mapping of fields, not ${describe(node)}`);
    }
    const entries = new Map<string, Located>();
    for (const { key, value: content } of node.items) {
      if (!isScalar(key) || typeof key.value !== "string") {
        this.problems.add(key ?? node, value.path, { message: "field names must be texts", hint: "put it in quotes" });
        continue;
      }
      const path = value.path === "" ? key.value : `${value.path}.${key.value}`;
      const earlier = entries.get(key.value);
      if (earlier === undefined) {
        entries.set(key.value, { node: content, place: content ?? key, path, key });
      } else {
        const { line } = this.problems.position(earlier.key);
        this.problems.add(key, path, { message: `is given twice; the first is on line ${line}` });
      }
    }
    return entries;
  }

  /** Follows an alias and counts, so that a small file cannot stand for a huge one. */
  #visit(value: Located): Node | null | undefined {
    if (++this.#nodes > DEFINITION_LIMITS.maxNodes) return this.#exhausted(value, "values", DEFINITION_LIMITS.maxNodes);
    if (!isAlias(value.node)) return value.node;
    if (++this.#aliases > DEFINITION_LIMITS.maxAliases) {
      return this.#exhausted(value, "uses of aliases", DEFINITION_LIMITS.maxAliases);
    }
    return value.node.resolve(this.#document) ?? this.reject(value, "is an alias of nothing");
  }

  #exhausted(value: Located, what: string, limit: number): undefined {
    // Reported once: the caller would otherwise hear of every value after the limit.
    const first = what === "values" ? this.#nodes === limit + 1 : this.#aliases === limit + 1;
    return first ? this.reject(value, `the file has more than ${limit} ${what}`) : undefined;
  }

  #jsonScalar(scalar: Scalar, value: Located): JsonValue | undefined {
    const content = scalar.value;
    if (content === null || typeof content === "boolean") return content;
    if (typeof content === "string") {
      const storable = content.isWellFormed() && !content.includes("\0");
      return storable ? content : this.reject(value, "must be valid Unicode without NUL");
    }
    if (typeof content !== "number") return this.reject(value, "is not a JSON value");
    if (!Number.isFinite(content)) return this.reject(value, "must be a finite number");
    const { source = "" } = scalar;
    const lossless = Number.isSafeInteger(content) || !/^[-+]?\d+$/.test(source) || String(content) === source;
    if (lossless) return Object.is(content, -0) ? 0 : content;
    return this.reject(value, "is too large a whole number to be kept exactly", "write it as a text, in quotes");
  }
}

function isEmpty(node: Node | null): node is null {
  return node === null || (isScalar(node) && node.value === null);
}

function unknownField(key: string, names: readonly string[]): Complaint {
  const meant = closestName(key, names);
  if (meant !== undefined) return { message: "unknown field", hint: `did you mean \`${meant}\`?` };
  return { message: "unknown field", hint: `known here: ${names.join(", ")}` };
}

function describe(node: Node | null): string {
  if (isSeq(node)) return "a list";
  if (isMap(node)) return "a mapping";
  if (!isScalar(node) || node.value === null) return "empty";
  if (typeof node.value === "string") return "a text";
  if (typeof node.value === "number") return `the number ${node.source ?? node.value}`;
  return typeof node.value === "boolean" ? `\`${node.value}\`` : "a value of another kind";
}

function booleanHint(value: unknown): string | undefined {
  if (value === "yes" || value === "on" || value === "true") return "write true";
  return value === "no" || value === "off" || value === "false" ? "write false" : undefined;
}
