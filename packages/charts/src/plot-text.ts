/** A share with its sign, to the digits that matter: `+1.2%`. */
export function signed(share: number): string {
  const size = Math.abs(share) * 100;
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = size.toFixed(digits);
  return `${share > 0 && Number(text) !== 0 ? "+" : share < 0 && Number(text) !== 0 ? "\u2212" : ""}${text}%`;
}

/** A share as axes write it: without digits that say nothing. */
export function axisShare(share: number): string {
  return signed(share).replace(/\.?0+%$/, "%");
}

/** A p-value to the digits that matter. */
export function pText(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p = ${p.toFixed(p < 0.01 ? 4 : 3)}`;
}

/** A count with thin groups of three. */
export function counted(count: number): string {
  return count.toLocaleString("en-US");
}

/** A text that is not longer than so many characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
