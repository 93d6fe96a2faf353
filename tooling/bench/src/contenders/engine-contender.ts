import { parseRule } from "@lotty/dsl";
import { compileSnapshot, decide, type SubjectInContext } from "@lotty/engine";
import { oneFlag } from "../engine/workload.ts";
import type { Measurable } from "./contender-module.ts";

/** The engine with one flag. */
export function create(traffic: number): Measurable {
  const snapshot = compileSnapshot(oneFlag(traffic * 100), { parseRule });
  return {
    contextOf: (subject): SubjectInContext => ({ subject, history: [], now: 0 }),
    decide: (context) => decide(snapshot, "flag", context as SubjectInContext).value,
  };
}
