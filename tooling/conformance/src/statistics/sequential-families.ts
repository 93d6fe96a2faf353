import {
  classicalBounds,
  confidenceSequenceAt,
  groupSequentialBounds,
  runningConfidenceSequence,
  type Alternative,
  type Look,
  type Spending,
} from "@lotty/stats";
import { intervalFields, pFields, type ResultFields } from "./comparison-fields.ts";

/** Runs a case of `asympcs`. */
export function asympcs({
  alpha,
  n_star: tunedFor,
  alternative,
  ...look
}: Look & { readonly alpha: number; readonly n_star: number; readonly alternative: Alternative }): ResultFields {
  const result = confidenceSequenceAt(look, { alpha, tunedFor, alternative });
  return {
    rho: result.rho,
    half_width: result.halfWidth,
    ...intervalFields(result.interval),
    log_e: result.logE,
    ...pFields(result),
  };
}

/** Runs a case of `asympcs_running`. */
export function asympcsRunning({
  looks,
  alpha,
  n_star: tunedFor,
}: {
  readonly looks: readonly Look[];
  readonly alpha: number;
  readonly n_star: number;
}): ResultFields {
  const results = runningConfidenceSequence(looks, { alpha, tunedFor });
  return {
    looks: results.map((look) => ({ ...pFields(look), ...intervalFields(look.interval), empty: look.empty })),
  };
}

/** Runs a case of `group_sequential`. */
export function groupSequential({
  info_fractions: infoFractions,
  alpha,
  spending,
  rho,
}: {
  readonly info_fractions: readonly number[];
  readonly alpha: number;
  readonly spending: "obf" | "pocock" | "power";
  readonly rho: number | null;
}): ResultFields {
  const bounds = groupSequentialBounds({ infoFractions, alpha, spending: spendingOf(spending, rho) });
  return {
    z_bounds: bounds.map(({ z }) => z),
    nominal_p: bounds.map(({ nominalP }) => nominalP),
    cumulative_alpha: bounds.map(({ cumulativeAlpha }) => cumulativeAlpha),
  };
}

function spendingOf(name: "obf" | "pocock" | "power", rho: number | null): Spending {
  switch (name) {
    case "obf":
      return { kind: "obrien_fleming" };
    case "pocock":
      return { kind: "pocock" };
    case "power":
      return { kind: "power", rho: rho ?? Number.NaN };
  }
}

/** Runs a case of `group_sequential_constants`. */
export function groupSequentialConstants(plan: {
  readonly looks: number;
  readonly alpha: number;
  readonly type: "obrien_fleming" | "pocock";
}): ResultFields {
  const { constant, zBounds } = classicalBounds(plan);
  return { constant, z_bounds: zBounds };
}
