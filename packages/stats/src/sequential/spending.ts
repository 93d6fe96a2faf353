import { normalSf, normalUpperQuantile } from "../distributions/normal.ts";
import { checkNumbers } from "../input/check-input.ts";

/**
 * How the error of a side is spent over the information fraction t: like O'Brien and Fleming's test (little early), like
 * Pocock's (evenly), or as a power of t.
 */
export type Spending =
  | { readonly kind: "obrien_fleming" }
  | { readonly kind: "pocock" }
  /** `rho` > 0; the larger, the later. */
  | { readonly kind: "power"; readonly rho: number };

/**
 * The error of one side that may be spent up to information fraction `t`, 0 < t ≤ 1.
 *
 * Source: Lan & DeMets (1983), "Discrete sequential boundaries for clinical trials"; Kim & DeMets (1987) for powers.
 *
 * @param level the error of that side over the whole experiment
 */
export function spentAt(t: number, level: number, spending: Spending): number {
  switch (spending.kind) {
    case "obrien_fleming":
      return 2 * normalSf(normalUpperQuantile(level / 2) / Math.sqrt(t));
    case "pocock":
      return level * Math.log1p((Math.E - 1) * t);
    case "power":
      checkNumbers("positive", { rho: spending.rho });
      return level * t ** spending.rho;
  }
}
