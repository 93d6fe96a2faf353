import type { Subject } from "@lotty/domain";
import { floorDecision } from "../engine/floor.ts";
import type { Measurable } from "./contender-module.ts";

/** The bare work of a decision. */
export function create(traffic: number): Measurable {
  return {
    contextOf: (subject) => subject,
    decide: (subject) => floorDecision(subject as Subject, traffic * 100),
  };
}
