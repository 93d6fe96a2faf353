import type { CertificateCheck, Experiment } from "@lotty/domain";
import { testIndependence } from "@lotty/stats";
import { FALSE_ALARM, pText } from "./significance.ts";
import { HASHES_PER_SLICE, type Slices } from "./slices.ts";
import { VariantPlaces } from "./variant-places.ts";

/** Whether an experiment's variants have nothing to do with those of each running one, over the same subjects. */
export function* checkIndependence(
  experiment: Experiment,
  running: readonly Experiment[],
  ids: readonly string[],
): Slices<readonly CertificateCheck[]> {
  const own = new VariantPlaces(experiment);
  const others = running.filter(({ id }) => id !== experiment.id);
  if (!own.isChoice || others.length === 0) {
    const message = others.length === 0 ? "No other experiment is running." : "There is no choice between variants.";
    return [{ kind: "independence", about: "running experiments", verdict: "skipped", message, numbers: {} }];
  }
  const ownPlaces: number[] = [];
  for (const [turn, subjectId] of ids.entries()) {
    ownPlaces.push(own.of(subjectId));
    if (turn % HASHES_PER_SLICE === 0) yield;
  }
  const checks: CertificateCheck[] = [];
  for (const other of others) {
    const theirs = new VariantPlaces(other);
    const table = own.variants.map(() => theirs.variants.map(() => 0));
    for (const [turn, subjectId] of ids.entries()) {
      if (turn % HASHES_PER_SLICE === 0) yield;
      const row = table[ownPlaces[turn] ?? -1];
      const column = theirs.of(subjectId);
      if (row !== undefined && column >= 0) row[column] = (row[column] ?? 0) + 1;
    }
    checks.push(independenceOf(other, { table, subjects: ids.length, level: FALSE_ALARM / others.length }));
  }
  return checks;
}

interface Crossing {
  readonly table: readonly (readonly number[])[];
  readonly subjects: number;
  /** p-values below it fail. */
  readonly level: number;
}

function independenceOf({ key }: Experiment, { level, subjects, table }: Crossing): CertificateCheck {
  const test = testIndependence(table);
  if (test.status !== "ok") {
    const message = `${key} has no choice between variants.`;
    return { kind: "independence", about: key, verdict: "skipped", message, numbers: {} };
  }
  const { chiSquared, df, p } = test;
  return {
    kind: "independence",
    about: key,
    verdict: p < level ? "failed" : "passed",
    message: `Variants against those of ${key} over ${subjects} subjects: chi-squared ${chiSquared.toFixed(1)} at ${df} degrees, ${pText(p)}.`,
    numbers: { subjects, chi_squared: chiSquared, df, p, level },
  };
}
