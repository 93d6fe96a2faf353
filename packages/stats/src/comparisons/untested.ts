import type { Untestable, UntestedComparison } from "./comparison.ts";

/** What is known of arms that cannot be tested. */
interface KnownParts {
  /** Control's mean; `null` when it has none. */
  readonly control: number | null;
  /** Treatment less control; `null` when it is not defined. */
  readonly diff: number | null;
}

/** The result for arms that cannot be tested, with the difference and the lift as far as they are defined. */
export function untested(status: Untestable, { control, diff }: KnownParts): UntestedComparison {
  const lift = control === null || diff === null ? null : diff / Math.abs(control);
  if (control === 0 || (lift !== null && !Number.isFinite(lift))) {
    return { status, diff, relative: { status: "undefined" } };
  }
  return { status, diff, relative: { status, lift } };
}

/** Treatment less control, `null` when either is missing. */
export function differenceOf(control: number | null, treatment: number | null): number | null {
  return control === null || treatment === null ? null : treatment - control;
}
