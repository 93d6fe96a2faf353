/** A share as people read it: `0.5` is `50%`, `0.0012` is `0.12%`. */
export function percent(share: number): string {
  const value = Math.abs(share) * 100;
  const digits = value === 0 || value >= 10 ? 1 : value >= 1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(value)));
  const text = (share * 100).toFixed(digits);
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text}%`;
}

/** A relative effect with its sign: `+1.2%`. */
export function signedPercent(share: number): string {
  return share > 0 ? `+${percent(share)}` : percent(share);
}

/** A p-value in words that fit in brackets. */
export function probability(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p = ${p.toFixed(p < 0.001 ? 5 : p < 0.1 ? 4 : 3)}`;
}
