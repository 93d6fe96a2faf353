/** What a case allows a number to be off by. */
export interface Tolerance {
  readonly rel: number;
  readonly abs: number;
}

/** Decimal logarithms may be off by this, relative to the larger of themselves and 1. */
const LOG_TOLERANCE = 1e-9;

/** A smaller p-value may have underflowed; its logarithm is compared. */
const SMALLEST_COMPARED_P = 1e-290;

/**
 * The first difference between a result and what a case expects, by the rules of the vectors' README; `undefined` when there is
 * none. Fields that are not expected are allowed.
 */
export function firstDeviation(actual: unknown, expected: unknown, tolerance: Tolerance): string | undefined {
  return deviation({ actual, expected, path: [], scale: 0 }, tolerance);
}

interface Place {
  readonly actual: unknown;
  readonly expected: unknown;
  readonly path: readonly string[];
  /** What differences of nearly equal numbers are measured by; 0 where there is nothing to measure by. */
  readonly scale: number;
}

function deviation(place: Place, tolerance: Tolerance): string | undefined {
  const { actual, expected } = place;
  if (typeof expected === "number") return numberMatches(place, tolerance) ? undefined : describe(place);
  if (typeof expected !== "object" || expected === null) return actual === expected ? undefined : describe(place);
  if (typeof actual !== "object" || actual === null) return describe(place);
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return describe(place);
  const scale = scaleOf(expected as Fields) ?? place.scale;
  for (const [key, value] of Object.entries(expected)) {
    const path = [...place.path, key];
    const found = deviation({ actual: (actual as Fields)[key], expected: value, path, scale }, tolerance);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function numberMatches({ actual, expected, path, scale }: Place, { rel, abs }: Tolerance): boolean {
  if (typeof actual !== "number" || typeof expected !== "number" || !Number.isFinite(actual)) return false;
  const off = Math.abs(actual - expected);
  const field = path.at(-1) ?? "";
  if (field.startsWith("log10_")) return off <= LOG_TOLERANCE * Math.max(1, Math.abs(expected));
  if (field === "p" && expected < SMALLEST_COMPARED_P) return actual < 2 * SMALLEST_COMPARED_P;
  return off <= abs + rel * Math.abs(expected) || off <= rel * scale;
}

/** The scale of the numbers in an object: its standard error or difference, or what stands for them. */
function scaleOf(fields: Fields): number | undefined {
  const given = ["se", "diff", "shift"].map((name) => fields[name]).filter((value) => typeof value === "number");
  if (given.length > 0) return Math.max(...given.map(Math.abs));
  return ["fixed_se", "posterior_sd", "half_width"]
    .map((name) => fields[name])
    .find((value) => typeof value === "number");
}

function describe({ actual, expected, path }: Place): string {
  const place = path.length === 0 ? "result" : path.join(".");
  return `${place}: got ${actual === undefined ? "nothing" : JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}
