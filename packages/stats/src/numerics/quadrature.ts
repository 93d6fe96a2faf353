/** A point at which an integrand is taken, and what its value counts there. */
export interface Node {
  readonly x: number;
  readonly weight: number;
}

/** Points per panel: integrands that are smooth over a panel come out to double precision. */
const POINTS = 16;

const RULE: readonly Node[] = legendreRule(POINTS);

/** The nodes of Gauss-Legendre quadrature over each of the panels between successive edges. */
export function panelNodes(edges: readonly number[]): readonly Node[] {
  return edges.slice(1).flatMap((high, index) => {
    const low = edges[index] ?? high;
    const half = (high - low) / 2;
    return RULE.map(({ x, weight }) => ({ x: low + half * (1 + x), weight: weight * half }));
  });
}

/** The edges of `panels` panels of one width. */
export function equalPanels(low: number, high: number, panels: number): readonly number[] {
  return Array.from({ length: panels + 1 }, (_, index) => low + ((high - low) * index) / panels);
}

/** Nodes and weights on [-1, 1], by Newton's method on the Legendre polynomial (DLMF 3.5.vi). */
function legendreRule(size: number): readonly Node[] {
  return Array.from({ length: size }, (_, index) => {
    let x = -Math.cos((Math.PI * (index + 0.75)) / (size + 0.5));
    let slope = 0;
    for (let step = 0; step < 10; step += 1) {
      const [value, derivative] = legendre(size, x);
      slope = derivative;
      x -= value / derivative;
    }
    return { x, weight: 2 / ((1 - x * x) * slope * slope) };
  });
}

/** Value and derivative of the Legendre polynomial of a degree. */
function legendre(degree: number, x: number): readonly [number, number] {
  let [previous, value] = [1, x];
  for (let k = 2; k <= degree; k += 1) {
    [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  }
  return [value, (degree * (x * value - previous)) / (x * x - 1)];
}
