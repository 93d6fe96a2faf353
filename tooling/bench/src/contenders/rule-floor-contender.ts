import type { JsonObject } from "@lotty/domain";
import { floorMatches } from "../engine/floor.ts";
import type { Measurable } from "./contender-module.ts";

/** The rule as a function written by hand. */
export function create(): Measurable {
  return {
    contextOf: ({ attributes }) => attributes,
    decide: (attributes) => floorMatches(attributes as JsonObject),
  };
}
