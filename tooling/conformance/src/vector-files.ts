import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@lotty/domain";

/** One case of a vector file. What it holds besides these fields depends on the file. */
export interface VectorCase extends JsonObject {
  readonly id: string;
  readonly group: string;
}

/** One file of vectors. */
export interface VectorFile {
  readonly name: string;
  readonly kind: "function" | "scenarios";
  readonly cases: readonly VectorCase[];
}

/** Reads all vector files of a folder, in order of their names. */
export function readVectorFiles(folder: string): readonly VectorFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== "manifest.json")
    .sort()
    .map((name) => readVectorFile(folder, name));
}

function readVectorFile(folder: string, name: string): VectorFile {
  // The shape is the format's promise; a file that breaks it fails in the case that misses something.
  const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as Omit<VectorFile, "name">;
  return { name, kind: file.kind, cases: file.cases };
}

/** A field of a case that must be a text. */
export function textField(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== "string") throw new Error(`The field ${name} is not a text.`);
  return value;
}

/** A field of a case that must be a list of objects. */
export function objectsField(object: JsonObject, name: string): readonly JsonObject[] {
  const value: JsonValue | undefined = object[name];
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}
