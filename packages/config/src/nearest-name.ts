/** Most edits at which two names still count as one mistyped. */
const MAX_EDITS = 3;

/**
 * The name that a mistyped text most likely stands for.
 *
 * @returns the nearest of `names` within a third of its length and at most three edits (insert, delete, replace,
 * swap of neighbours), ignoring case; `undefined` when none is that near
 */
export function nearestName(text: string, names: readonly string[], maxEdits: number = MAX_EDITS): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const distance = editDistance(text.toUpperCase(), name.toUpperCase());
    if (distance < bestDistance && distance <= Math.min(maxEdits, Math.floor(name.length / 3))) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance. Time grows with the product of the lengths, which are those of setting names. */
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, at(beforePrevious, column - 2) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
