import { formatHundredths } from "@lotty/domain";
import { keptOutcome, type SubjectInContext } from "../assign.ts";
import type { CompiledExperiment } from "../compile-experiment.ts";
import { allocationBucket, isAllocated } from "../gates/allocation.ts";
import { drawVariant, variantBucket } from "../gates/variant.ts";
import type { VariantLayout, VariantRange } from "../variant-layout.ts";
import type { GateTrace } from "./explanation.ts";

/** Gate 6. */
export function allocationGate(compiled: CompiledExperiment, subjectId: string): GateTrace {
  const threshold = compiled.experiment.trafficAllocation;
  const bucket = allocationBucket(compiled, subjectId);
  if (isAllocated(compiled, subjectId)) return { gate: "allocation", verdict: "passed", bucket, threshold };
  const change = `The traffic allocation would have to be at least ${formatHundredths(bucket + 1)} %.`;
  return { gate: "allocation", verdict: "failed", bucket, threshold, change };
}

/** Gate 7. */
export function variantsGate(compiled: CompiledExperiment): GateTrace {
  const count = compiled.experiment.variants.length;
  if (count > 0) return { gate: "variants", verdict: "passed", count };
  return { gate: "variants", verdict: "failed", count, change: "The experiment would have to have a variant." };
}

/** Gate 8, which no subject fails. */
export function variantGate(compiled: CompiledExperiment, subjectId: string): GateTrace {
  const { layout } = compiled;
  const bucket = variantBucket(compiled, subjectId);
  const chosen = drawVariant(compiled, subjectId);
  return {
    gate: "variant",
    verdict: "passed",
    bucket,
    totalWeight: layout.totalWeight,
    ranges: layout.ranges.map(rangeTrace),
    ...(chosen === null ? {} : { variantId: chosen.variant.id, variantName: chosen.variant.name }),
    chosenBy: chosenBy(layout),
  };
}

/** The variant gate of a subject whose earlier assignment is kept; undefined when there is none to keep. */
export function keptVariantGate(compiled: CompiledExperiment, context: SubjectInContext): GateTrace | undefined {
  if (!compiled.experiment.stickyAssignment) return undefined;
  const variant = keptOutcome(compiled, context.history)?.variant;
  if (variant === undefined || variant === null) return undefined;
  return {
    gate: "variant",
    verdict: "passed",
    variantId: variant.id,
    variantName: variant.name,
    chosenBy: "sticky_assignment",
  };
}

function chosenBy(layout: VariantLayout): "range" | "only_variant" | "fallback" {
  if (layout.totalWeight === 0) return "fallback";
  return layout.certain === null ? "range" : "only_variant";
}

function rangeTrace({ upTo, variant }: VariantRange): {
  readonly variantId: string;
  readonly name: string;
  readonly weight: number;
  readonly upTo: number;
} {
  return { variantId: variant.id, name: variant.name, weight: variant.weight, upTo };
}
