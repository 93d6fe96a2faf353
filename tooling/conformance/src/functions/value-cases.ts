import type { JsonObject, JsonValue } from "@lotty/domain";
import { attributesDigest, canonicalJson, persistedValue } from "@lotty/engine";
import { textField, type VectorCase } from "../vector-files.ts";
import type { Comparison } from "./function-runner.ts";

/** `attributes_digest`: canonical text and its digest. */
export function attributesDigestCase(vector: VectorCase): Comparison {
  const attributes = JSON.parse(textField(vector, "json")) as JsonObject;
  return {
    actual: { canonical: canonicalJson(attributes), digest: attributesDigest(attributes) },
    expected: { canonical: vector["canonical"], digest: vector["digest"] },
  };
}

/** `persisted_value`: the text form of a value in a row. */
export function persistedValueCase(vector: VectorCase): Comparison {
  const value = JSON.parse(textField(vector, "json")) as JsonValue;
  return { actual: persistedValue(value), expected: vector["row_value"] };
}
