import type { TrustCheck } from "@lotty/domain";
import { adjustPValues, compareMeans, compareRatios, type CoMoments, NO_CO_MOMENTS } from "@lotty/stats";
import { firstColumn } from "../comparison/compare-arms.ts";
import type { TrustData } from "./trust-data.ts";
import { probability } from "./wording.ts";

const ALARM = 0.001;
const DOUBT = 0.01;

/** Whether the variants were alike before the experiment, in everything that was measured then; corrected by Holm. */
export function prePeriodBalance({ covariates, variants }: TrustData): TrustCheck {
  const check = "pre_period_balance";
  const control = variants.find(({ isControl }) => isControl);
  const tests = covariates.flatMap(({ arms, metric }) =>
    variants
      .filter(({ id, isControl, share }) => !isControl && share > 0 && arms.has(id))
      .map(({ id, name }) => ({
        name: `${metric.key} ${name}`,
        p: difference(arms.get(control?.id ?? "") ?? NO_CO_MOMENTS, arms.get(id) ?? NO_CO_MOMENTS),
      })),
  );
  const facts = Object.fromEntries(tests.map(({ name, p }) => [name, p]));
  const { adjusted } = adjustPValues(
    tests.map(({ p }) => p),
    { correction: "holm", alpha: ALARM },
  );
  const known = adjusted.filter((p) => p !== null);
  if (known.length === 0) {
    return { check, light: "unknown", message: "No metric of the plan was measured before the exposure.", facts };
  }
  const least = Math.min(...known);
  const worst = tests[adjusted.indexOf(least)]?.name ?? "";
  const light = least < ALARM ? "red" : least < DOUBT ? "amber" : "green";
  const message =
    light === "green"
      ? `Before the exposure the variants were alike (${probability(least)}).`
      : `Before the exposure the variants differed already: ${worst} (${probability(least)}).`;
  return { check, light, message, facts };
}

function difference(control: CoMoments, treatment: CoMoments): number | null {
  const options = { alpha: ALARM };
  const ratio = Math.max(control.mean.length, treatment.mean.length) > 1;
  const comparison = ratio
    ? compareRatios({ control, treatment }, options)
    : compareMeans({ control: firstColumn(control), treatment: firstColumn(treatment) }, options);
  return comparison.status === "ok" ? comparison.p : null;
}
