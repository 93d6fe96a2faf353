import { type FlagValueType, type JsonValue, valueHasType } from "@lotty/domain";
import type { Located, NodeReader } from "./node-reader.ts";

/** Reads the value of a flag or variant and checks it against the flag's type, where that is known. */
export function readValue(reader: NodeReader, value: Located, type: FlagValueType | undefined): JsonValue | undefined {
  const content = reader.json(value);
  if (content === undefined || type === undefined || valueHasType(content, type)) return content;
  return reader.reject(
    value,
    `must be a ${type}, the type of the flag, not ${nameOf(content)}`,
    hintFor(content, type),
  );
}

function nameOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}

function hintFor(value: JsonValue, type: FlagValueType): string | undefined {
  if (type === "string") return typeof value === "object" ? undefined : "put it in quotes";
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (type === "boolean") {
    if (["true", "yes", "on"].includes(text)) return "write true, without quotes";
    return ["false", "no", "off"].includes(text) ? "write false, without quotes" : undefined;
  }
  return text !== "" && Number.isFinite(Number(text)) ? "write it without quotes" : undefined;
}
