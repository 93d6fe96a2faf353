/** How many checks of a suite held and how many did not. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** The outcome of something that did not get as far as counting. */
export const NOTHING_BUT_A_FAILURE: Counts = { passed: 0, failed: 1 };

/** Adds up the counts of several suites. */
export function addUp(all: readonly Counts[]): Counts {
  return all.reduce((sum, counts) => ({ passed: sum.passed + counts.passed, failed: sum.failed + counts.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** The line that closes a run: `N passed, N failed`. */
export function closingLine(counts: Counts): string {
  return `${String(counts.passed)} passed, ${String(counts.failed)} failed`;
}

/** Reads the last closing line of a text; `undefined` when there is none. */
export function readClosingLine(text: string): Counts | undefined {
  const last = [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return last === undefined ? undefined : { passed: Number(last[1]), failed: Number(last[2]) };
}

/**
 * What a suite's process says, taken together: its counts if it gave any, and its exit code. A process that failed without
 * counting a failure, or that checked nothing at all, has one failure.
 */
export function settle(counted: Counts | undefined, exitCode: number | null): Counts {
  if (counted === undefined) return NOTHING_BUT_A_FAILURE;
  const checkedNothing = counted.passed === 0 && counted.failed === 0;
  const failedUncounted = exitCode !== 0 && counted.failed === 0;
  return checkedNothing || failedUncounted ? { ...counted, failed: 1 } : counted;
}
