/** A share as a percentage, to the digits that matter. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(Math.abs(share) >= 0.1 ? 1 : 2)}%`;
}
