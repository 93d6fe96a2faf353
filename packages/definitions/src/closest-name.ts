/** A beginning of at least this many letters counts as a short form: `bool` for `boolean`. */
const MIN_SHORT_FORM = 3;

/**
 * The candidate that a mistyped name most likely meant, letter case aside: at most a third of its letters differ (a swap
 * of neighbours counts once), or it begins with the name. `undefined` when none is that close.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let shortened: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (wanted.length >= MIN_SHORT_FORM && candidate.toLowerCase().startsWith(wanted)) shortened ??= candidate;
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? shortened;
}

/** Optimal string alignment distance, in time and memory proportional to the product of the lengths. */
function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  const cells: number[] = Array.from({ length: (left.length + 1) * width }, () => 0);
  const at = (row: number, column: number): number => cells[row * width + column] ?? 0;
  for (let row = 0; row <= left.length; row++) {
    for (let column = 0; column <= right.length; column++) {
      cells[row * width + column] = row === 0 || column === 0 ? row + column : cheapest(row, column);
    }
  }
  return at(left.length, right.length);

  function cheapest(row: number, column: number): number {
    const replaced = at(row - 1, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1);
    const shorter = Math.min(replaced, at(row - 1, column) + 1, at(row, column - 1) + 1);
    const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
    return swapped ? Math.min(shorter, at(row - 2, column - 2) + 1) : shorter;
  }
}
