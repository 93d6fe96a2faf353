import { bucketOfText } from "#sha256";
import type { CompiledExperiment } from "../compile-experiment.ts";
import { rangeOfBucket, type VariantRange } from "../variant-layout.ts";

/** Gates 7 and 8. `null` without variants. The bucket is drawn only where there is a choice. */
export function drawVariant(compiled: CompiledExperiment, subjectId: string): VariantRange | null {
  const { layout } = compiled;
  return layout.certain ?? rangeOfBucket(layout, variantBucket(compiled, subjectId));
}

/** The bucket that decides which variant: 0 to 9999. */
export function variantBucket(compiled: CompiledExperiment, subjectId: string): number {
  return bucketOfText(subjectId + compiled.variantSuffix);
}
