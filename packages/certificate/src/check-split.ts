import type { CertificateCheck, Experiment } from "@lotty/domain";
import { bucketOf } from "@lotty/engine";
import { testSampleRatio } from "@lotty/stats";
import type { Crowd } from "./crowd.ts";
import { FALSE_ALARM, pText } from "./significance.ts";
import { HASHES_PER_SLICE, type Slices } from "./slices.ts";
import { VariantPlaces } from "./variant-places.ts";

/** Whether those who would take part get the variants as their weights say. */
export function* checkSplit(experiment: Experiment, { ids, name }: Crowd): Slices<CertificateCheck> {
  const places = new VariantPlaces(experiment);
  const counts = places.variants.map(() => 0);
  for (const [turn, subjectId] of ids.entries()) {
    if (turn % HASHES_PER_SLICE === 0) yield;
    if (bucketOf(subjectId, experiment.id, "allocation") >= experiment.trafficAllocation) continue;
    const place = places.of(subjectId);
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  const test = testSampleRatio({ counts, weights: places.variants.map(({ weight }) => weight) });
  if (test.status !== "ok") {
    const message = "There is no choice between variants, or nobody takes part.";
    return { kind: "variant_split", about: name, verdict: "skipped", message, numbers: {} };
  }
  const spread = places.variants.map((variant, place) => `${variant.name} ${counts[place] ?? 0}`).join(", ");
  return {
    kind: "variant_split",
    about: name,
    verdict: test.p < FALSE_ALARM ? "failed" : "passed",
    message: `Of ${ids.length} ${name}: ${spread}; ${pText(test.p)} against the weights.`,
    numbers: {
      subjects: counts.reduce((sum, count) => sum + count, 0),
      chi_squared: test.chiSquared,
      df: test.df,
      p: test.p,
    },
  };
}
