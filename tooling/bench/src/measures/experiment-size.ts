/** How much happens in an experiment of four weeks. */
export interface ExperimentSize {
  /** Subjects that were exposed. */
  readonly exposures: number;
  readonly events: number;
  /** Subjects that are folded, to see how long that takes. */
  readonly folded: number;
}

const FULL: ExperimentSize = { exposures: 10_000_000, events: 50_000_000, folded: 50_000 };
const QUICK: ExperimentSize = { exposures: 20_000, events: 100_000, folded: 10_000 };

/** Other sizes than the usual ones. */
const EXPOSURES = process.env["LOTTY_BENCH_EXPOSURES"];
const EVENTS = process.env["LOTTY_BENCH_EVENTS"];

/**
 * The size of the experiment that is asked about.
 *
 * @throws RangeError when an environment variable that says so is no whole number above 0
 */
export function experimentSize(quick: boolean): ExperimentSize {
  const usual = quick ? QUICK : FULL;
  const exposures = countOf("LOTTY_BENCH_EXPOSURES", EXPOSURES) ?? usual.exposures;
  const events = countOf("LOTTY_BENCH_EVENTS", EVENTS) ?? usual.events;
  return { exposures, events, folded: Math.min(usual.folded, exposures) };
}

function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${name} is no whole number above 0: ${text}`);
  return count;
}
