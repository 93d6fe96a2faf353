import type { JsonObject } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileRule } from "@lotty/engine";
import { RULE } from "../engine/workload.ts";
import type { Measurable } from "./contender-module.ts";

/** A compiled rule of the engine. */
export function create(): Measurable {
  const parsed = parseRule(RULE);
  if (!parsed.ok) throw new Error(parsed.message);
  const { test } = compileRule(parsed.rule);
  return {
    contextOf: ({ attributes }) => attributes,
    // What a test says as a number: 1 is true.
    decide: (attributes) => test(attributes as JsonObject) === 1,
  };
}
