import type { CertificateCheck, Experiment } from "@lotty/domain";
import { bucketOf } from "@lotty/engine";
import { chiSquaredSf } from "@lotty/stats";
import type { Crowd } from "./crowd.ts";
import { FALSE_ALARM, pText } from "./significance.ts";
import { HASHES_PER_SLICE, type Slices } from "./slices.ts";

const BUCKETS = 10_000;

/** Subjects that a chi-squared test wants in a cell. */
const PER_CELL = 5;

/** Whether the buckets of one of the experiment's salts are even. With few subjects, neighbouring buckets are taken together. */
export function* checkBuckets(
  { id }: Experiment,
  salt: "allocation" | "variant",
  { ids, name }: Crowd,
): Slices<CertificateCheck> {
  const cells = cellsFor(ids.length);
  const counts = Array.from({ length: cells }, () => 0);
  for (const [place, subjectId] of ids.entries()) {
    const cell = Math.floor((bucketOf(subjectId, id, salt) * cells) / BUCKETS);
    counts[cell] = (counts[cell] ?? 0) + 1;
    if (place % HASHES_PER_SLICE === 0) yield;
  }
  const kind = salt === "allocation" ? "allocation_buckets" : "variant_buckets";
  if (cells < 2) {
    return { kind, about: name, verdict: "skipped", message: "There are too few subjects.", numbers: {} };
  }
  // Pearson's statistic for equal cells. `testSampleRatio` would take the square of 10,000 steps for digits that nobody needs here.
  const expected = ids.length / cells;
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const df = cells - 1;
  const p = chiSquaredSf(chiSquared, df);
  return {
    kind,
    about: name,
    verdict: p < FALSE_ALARM ? "failed" : "passed",
    message: `${ids.length} ${name} over ${cells} buckets: chi-squared ${chiSquared.toFixed(0)} at ${df} degrees, ${pText(p)}.`,
    numbers: { subjects: ids.length, buckets: cells, chi_squared: chiSquared, df, p },
  };
}

/** As many cells as the subjects fill, each of equally many buckets. */
function cellsFor(subjects: number): number {
  const most = Math.min(BUCKETS, Math.floor(subjects / PER_CELL));
  for (let cells = most; cells > 1; cells -= 1) if (BUCKETS % cells === 0) return cells;
  return 1;
}
