import {
  formatHundredths,
  isLottyError,
  parseHundredths,
  type Experiment,
  type Flag,
  type Hundredths,
  type JsonObject,
} from "@lotty/domain";
import { bucketOf, layOutVariants, rangeOfPoint, type VariantLayout } from "@lotty/engine";
import { objectsField, textField, type VectorCase } from "../vector-files.ts";
import type { Comparison } from "./function-runner.ts";

/** `hash_subject`: the bucket of a subject. */
export function hashSubjectCase(vector: VectorCase): Comparison {
  const expected = { value: vector["value"] ?? null, error: vector["error"] ?? null };
  try {
    const ids = [textField(vector, "subject_id"), textField(vector, "experiment_id")] as const;
    const bucket = bucketOf(...ids, textField(vector, "salt"));
    return { actual: { value: formatHundredths(bucket), error: null }, expected };
  } catch (error) {
    if (!isLottyError(error, "subject_not_encodable")) throw error;
    return { actual: { value: null, error: "not_encodable" }, expected };
  }
}

/** `select_variant`: the choice for a given point. */
export function selectVariantCase(vector: VectorCase): Comparison {
  const layout = layoutOf(objectsField(vector, "variants"));
  const point = millionths(textField(vector, "hash_value"));
  return { actual: chosenIndex(layout, point), expected: vector["selected"] };
}

/** `select_variant_normalized`: bucket, share of the total weight, and choice together. */
export function selectVariantNormalizedCase(vector: VectorCase): Comparison {
  const layout = layoutOf(objectsField(vector, "variants"));
  const bucket = bucketOf(textField(vector, "subject_id"), textField(vector, "experiment_id"), "variant");
  const point = bucket * layout.totalWeight;
  return {
    actual: {
      bucket: formatHundredths(bucket),
      total: layout.totalWeight * 10_000,
      point,
      selected: chosenIndex(layout, point),
    },
    expected: {
      bucket: vector["variant_bucket"],
      total: millionths(textField(vector, "total_weight")),
      point: millionths(textField(vector, "normalized_hash")),
      selected: vector["selected"],
    },
  };
}

function chosenIndex(layout: VariantLayout, point: number): number | null {
  const range = rangeOfPoint(layout, point);
  return range === null ? null : Number(range.variant.id);
}

/** A decimal of at most six places as a whole number of millionths. */
function millionths(text: string): number {
  const [whole = "", places = ""] = text.split(".");
  if (places.length > 6) throw new Error(`${text} has more than six places.`);
  return Number(whole + places.padEnd(6, "0"));
}

function layoutOf(variants: readonly JsonObject[]): VariantLayout {
  const flag: Flag = {
    id: "f",
    key: "f",
    valueType: "json",
    defaultValue: null,
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: 0,
  };
  const experiment: Experiment = {
    id: "e",
    key: "e",
    flagId: "f",
    status: "running",
    version: 1,
    updatedAt: 0,
    targetingRules: null,
    trafficAllocation: 10_000,
    variants: variants.map((variant, index) => ({
      id: String(index),
      name: textField(variant, "name"),
      value: null,
      weight: hundredthsField(variant, "weight"),
      isControl: false,
    })),
    hashVersion: 1,
    stickyAssignment: false,
  };
  return layOutVariants(flag, experiment);
}

/** A decimal field of a row in hundredths. */
export function hundredthsField(row: JsonObject, name: string): Hundredths {
  const value = parseHundredths(textField(row, name));
  if (value === undefined) throw new Error(`The field ${name} is not a decimal of two places.`);
  return value;
}
