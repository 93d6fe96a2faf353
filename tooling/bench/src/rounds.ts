/** One thing to measure: runs once and returns its figure, for example nanoseconds per decision. */
export interface Contender {
  readonly name: string;
  run(): number | Promise<number>;
}

/** The figures of one contender over all rounds. */
export interface Measured {
  readonly name: string;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Measures contenders in alternating rounds, so that what else the machine does falls on all of them. The order turns with
 * every round: nobody always comes first.
 */
export async function measureInRounds(contenders: readonly Contender[], rounds: number): Promise<readonly Measured[]> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const shift = round % contenders.length;
    for (const contender of [...contenders.slice(shift), ...contenders.slice(0, shift)]) {
      figures.get(contender.name)?.push(await contender.run());
    }
  }
  return [...figures].map(([name, all]) => ({
    name,
    median: percentile(all, 0.5),
    lowest: Math.min(...all),
    highest: Math.max(...all),
  }));
}

/** The median of the contender of that name. */
export function medianOf(measured: readonly Measured[], name: string): number {
  const found = measured.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} was not measured.`);
  return found.median;
}

/** The range of the rounds. */
export function spreadOf({ highest, lowest }: Measured, digits = 0): string {
  return `${lowest.toFixed(digits)}-${highest.toFixed(digits)}`;
}

/** The value below which a share of the figures lies (nearest rank). */
export function percentile(figures: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(figures).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
