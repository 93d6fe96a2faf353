import {
  betaCdf,
  betaQuantile,
  betaSf,
  chiSquaredSf,
  chiSquaredUpperQuantile,
  normalCdf,
  normalQuantile,
  normalSf,
  tQuantile,
  tSf,
} from "@lotty/stats";
import type { ResultFields } from "./comparison-fields.ts";

/** An argument, and up to two parameters of the distribution. */
type Arguments = readonly [number, number, number];

const FUNCTIONS = {
  norm_sf: ([z]) => normalSf(z),
  norm_cdf: ([z]) => normalCdf(z),
  norm_ppf: ([p]) => normalQuantile(p),
  t_sf: ([t, degrees]) => tSf(t, degrees),
  t_ppf: ([p, degrees]) => tQuantile(p, degrees),
  chi2_sf: ([x, degrees]) => chiSquaredSf(x, degrees),
  chi2_isf: ([p, degrees]) => chiSquaredUpperQuantile(p, degrees),
  beta_cdf: ([x, alpha, beta]) => betaCdf(x, { alpha, beta }),
  beta_sf: ([x, alpha, beta]) => betaSf(x, { alpha, beta }),
  beta_ppf: ([p, alpha, beta]) => betaQuantile(p, { alpha, beta }),
} satisfies Readonly<Record<string, (args: Arguments) => number>>;

/** Runs a case of `distributions`. */
export function distribution({
  fn,
  args,
}: {
  readonly fn: keyof typeof FUNCTIONS;
  readonly args: Arguments;
}): ResultFields {
  return { value: FUNCTIONS[fn](args) };
}
