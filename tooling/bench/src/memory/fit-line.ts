/** A sample. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line of least squares through points. */
export interface Line {
  readonly slope: number;
  /** Standard deviation of the points from the line. */
  readonly deviation: number;
}

/** Fits a line; points that are none give a slope of 0. */
export function fitLine(points: readonly Point[]): Line {
  const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [middleX, middleY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const spread = points.reduce((sum, { x }) => sum + (x - middleX) ** 2, 0);
  const slope = spread === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - middleX) * (y - middleY), 0) / spread;
  const squares = points.map(({ x, y }) => (y - middleY - slope * (x - middleX)) ** 2);
  return { slope, deviation: Math.sqrt(mean(squares)) };
}
