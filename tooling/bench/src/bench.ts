/** A figure beside what was asked of it. */
export interface Verdict {
  readonly what: string;
  /** What issue 3 asks for, in words. */
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a benchmark works with. */
export interface BenchRun {
  /** Small sizes: to see that everything works, not to quote figures. */
  readonly quick: boolean;
  /** Adds a paragraph or a heading, in Markdown. */
  print(text: string): void;
  /** Adds a table. */
  table(header: readonly string[], rows: readonly (readonly string[])[]): void;
  /** Adds a verdict to the table of targets, which comes last. */
  judge(verdict: Verdict): void;
}

/** One benchmark: measures, and tells the run what came out. */
export type Bench = (run: BenchRun) => Promise<void>;

/** What a figure is compared with. */
export interface Bound {
  readonly what: string;
  readonly bound: number;
  /** Written behind both numbers, for example `x floor`. */
  readonly unit: string;
}

/** A figure that must not be above its target. */
export function atMost(measured: number, { bound, unit, what }: Bound): Verdict {
  return { what, target: `at most ${bound} ${unit}`, measured: `${figure(measured)} ${unit}`, met: measured <= bound };
}

/** A figure that must not be below its target. */
export function atLeast(measured: number, { bound, unit, what }: Bound): Verdict {
  return { what, target: `at least ${bound} ${unit}`, measured: `${figure(measured)} ${unit}`, met: measured >= bound };
}

/** Two decimals where they say something. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return "none";
  return Math.abs(value) >= 100 ? value.toLocaleString("en", { maximumFractionDigits: 0 }) : value.toFixed(2);
}
