/**
 * Probability with which a sound experiment fails one kind of check. Shared out among the checks of the kind (Bonferroni): an
 * experiment beside a hundred others is not failed more often.
 */
export const FALSE_ALARM = 0.001;

/** A p-value in words: small ones by their power of ten. */
export function pText(p: number): string {
  return p < 0.001 ? `p = ${p.toExponential(1)}` : `p = ${p.toFixed(3)}`;
}
