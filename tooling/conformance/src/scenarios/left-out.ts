import type { JsonObject } from "@lotty/domain";
import { objectsField, type VectorCase } from "../vector-files.ts";
import { effectiveTtlSeconds } from "./reference-settings.ts";
import { objectField } from "./world.ts";

/** Why a scenario is left out on a store; undefined when it runs. */
export function whyLeftOut(vector: VectorCase, forbiddenBySchema: ReadonlySet<string>): string | undefined {
  if (vector["js_ambiguous"] === true) return "js_ambiguous";
  const { defect, requires } = vector;
  if (typeof defect === "string") return `defect:${defect}`;
  if (editsWithoutRevision(vector)) return "edit without a new revision";
  const required = Array.isArray(requires) ? requires.map(String) : [];
  const forbidden = required.find((each) => forbiddenBySchema.has(each));
  return forbidden === undefined ? undefined : `schema forbids ${forbidden}`;
}

/** Whether a step changes what a decision depends on and leaves the revision that cached decisions are kept under. */
function editsWithoutRevision(vector: VectorCase): boolean {
  const steps = objectsField(vector, "steps");
  const caches = effectiveTtlSeconds(objectField(vector, "settings")["DECISION_RESULT_CACHE_TTL_SECONDS"]) > 0;
  return steps.some((step, index) => {
    if (step["op"] !== "set") return false;
    const fields = new Set(Object.keys(objectField(step, "values")));
    switch (step["table"]) {
      case "flags":
        return fields.has("default_value") && !fields.has("updated_at");
      case "experiments":
        return (fields.has("targeting_rules") || fields.has("traffic_allocation")) && !raisesRevision(step);
      case "variants":
        return caches && !revisionFollows(steps.slice(index + 1));
      default:
        return false;
    }
  });
}

/** Whether an experiment gets a new revision before the next decision. */
function revisionFollows(steps: readonly JsonObject[]): boolean {
  const nextDecision = steps.findIndex((step) => step["op"] === "decide");
  const before = nextDecision < 0 ? steps : steps.slice(0, nextDecision);
  return before.some((step) => step["op"] === "set" && step["table"] === "experiments" && raisesRevision(step));
}

function raisesRevision(step: JsonObject): boolean {
  const values = objectField(step, "values");
  return "version" in values || "updated_at" in values;
}
