import type { CaseResult } from "../report.ts";
import { firstDifference } from "../report.ts";
import type { VectorCase } from "../vector-files.ts";
import { attributesDigestCase, persistedValueCase } from "./value-cases.ts";
import { hashSubjectCase, selectVariantCase, selectVariantNormalizedCase } from "./bucket-cases.ts";
import { targetingCase } from "./targeting-case.ts";

/** What a function gave for a case beside what the reference gave. */
export interface Comparison {
  readonly actual: unknown;
  readonly expected: unknown;
}

const RUNNERS: Readonly<Record<string, (vector: VectorCase) => Comparison>> = {
  "hash_subject.json": hashSubjectCase,
  "select_variant.json": selectVariantCase,
  "select_variant_normalized.json": selectVariantNormalizedCase,
  "attributes_digest.json": attributesDigestCase,
  "persisted_value.json": persistedValueCase,
  "targeting.json": targetingCase,
};

const LEFT_OUT: Readonly<Record<string, string>> = {
  "settings.json": "validated at start",
  "decision_cache_key.json": "literal key text",
};

/** Runs one case of a function file on the engine. */
export function runFunctionCase(fileName: string, vector: VectorCase): CaseResult {
  const leftOut = LEFT_OUT[fileName];
  if (leftOut !== undefined) return { status: "left_out", why: leftOut };
  if (vector["js_ambiguous"] === true) return { status: "left_out", why: "js_ambiguous" };
  const run = RUNNERS[fileName];
  if (run === undefined) return { status: "failed", difference: `no runner for ${fileName}` };
  const { actual, expected } = run(vector);
  const difference = firstDifference(actual, expected);
  return difference === undefined ? { status: "passed" } : { status: "failed", difference };
}
