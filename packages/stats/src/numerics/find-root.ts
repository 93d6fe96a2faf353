/** Where a root is looked for. */
export interface Bracket {
  readonly low: number;
  readonly high: number;
}

/** Halving an interval of doubles ends before this. */
const MAX_STEPS = 200;

/**
 * The point between `low` and `high` at which a function that is positive on the left of it and negative on the right of it
 * changes its sign, to the last digits. The function may be infinite at the ends; it need not be defined there.
 *
 * Source: Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm"; halving wherever a value is not finite.
 */
export function findRoot(f: (x: number) => number, { low, high }: Bracket): number {
  // The latest point is a, b lies on the other side of the root, and c is the point before.
  let [a, fa] = [high, -Infinity];
  let [b, fb] = [low, Infinity];
  let [c, fc] = [b, fb];
  let fraction = 0.5;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const x = a + fraction * (b - a);
    const fx = f(x);
    if (fx === 0) return x;
    if (Math.sign(fx) === Math.sign(fa)) [c, fc] = [a, fa];
    else [c, b, fc, fb] = [b, a, fb, fa];
    [a, fa] = [x, fx];
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const nearest = (2 ** -52 * Math.abs(best) + Number.MIN_VALUE) / Math.abs(b - a);
    if (nearest >= 0.5 || a === b) return best;
    fraction = Math.min(Math.max(interpolate([a, b, c], [fa, fb, fc]), nearest), 1 - nearest);
  }
  return Math.abs(fa) < Math.abs(fb) ? a : b;
}

type Three = readonly [number, number, number];

/** How far from a to b the root is, by inverse quadratic interpolation where that can be trusted, else one half. */
function interpolate([a, b, c]: Three, [fa, fb, fc]: Three): number {
  const xi = (a - b) / (c - b);
  const phi = (fa - fb) / (fc - fb);
  const trusted = phi * phi < xi && (1 - phi) ** 2 < 1 - xi;
  if (!trusted) return 0.5;
  return (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb));
}
