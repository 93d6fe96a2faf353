import type { CertificateCheck, Experiment } from "@lotty/domain";
import type { MetricPast } from "./certify.ts";
import { Measured, MIN_PER_ARM } from "./measured.ts";
import { FALSE_ALARM, pText } from "./significance.ts";
import { HASHES_PER_SLICE, type Slices } from "./slices.ts";
import { VariantPlaces } from "./variant-places.ts";

/** Whether the arms that the experiment's own salt makes were alike before it, by a metric's past: each against control. */
export function* checkBalance(experiment: Experiment, past: MetricPast): Slices<readonly CertificateCheck[]> {
  const { metric } = past;
  if (metric.definition.kind === "quantile") return [];
  const measured = new Measured(metric, past.values);
  const places = new VariantPlaces(experiment);
  const control = places.variants.findIndex(({ isControl }) => isControl);
  if (measured.size < 2 * MIN_PER_ARM || control < 0) return [];
  const placeOf: number[] = [];
  for (const [turn, subjectId] of measured.subjectIds.entries()) {
    placeOf.push(places.of(subjectId));
    if (turn % HASHES_PER_SLICE === 0) yield;
  }
  const treatments = places.variants.flatMap(({ weight }, place) => (place === control || weight === 0 ? [] : [place]));
  return treatments.flatMap((treatment) => {
    const comparison = measured.compare((turn) => {
      if (placeOf[turn] === treatment) return true;
      return placeOf[turn] === control ? false : undefined;
    }, FALSE_ALARM);
    if (comparison.status !== "ok") return [];
    const { diff, p } = comparison;
    const name = places.variants[treatment]?.name ?? "";
    const check: CertificateCheck = {
      kind: "past_balance",
      about: `${metric.key}, ${name}`,
      verdict: p < FALSE_ALARM / treatments.length ? "failed" : "passed",
      message: `${metric.key} of ${name} was ${diff.toPrecision(3)} from control before the experiment, ${pText(p)}.`,
      numbers: { subjects: measured.size, difference: diff, p },
    };
    return [check];
  });
}
