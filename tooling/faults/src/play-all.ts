import type { Fault } from "./fault.ts";
import { brokenReport, reportOf, type AnyReport } from "./report/fault-report.ts";
import { describeMachine, type RunReport } from "./report/run-report.ts";
import { details } from "./report/table.ts";
import { runFault, type FaultResult, type RunOptions } from "./run-fault.ts";

/** How to play several faults. */
export interface PlayOptions extends RunOptions {
  /** Called after each fault with everything so far, so that a run that ends early leaves something. */
  readonly keep: (sofar: RunReport) => void;
}

/** Plays faults one after the other; one that cannot be played to its end does not stop the rest. */
export async function playAll(
  faults: readonly Fault[],
  options: PlayOptions,
  play: (fault: Fault, options: RunOptions) => Promise<FaultResult> = runFault,
): Promise<RunReport> {
  const { built, keep, quick, say, seed, signal } = options;
  const machine = describeMachine();
  say(`seed ${String(seed)}; ${machine}; ${built ? "as built" : "from the sources"}`);
  const results: AnyReport[] = [];
  const sofar = (): RunReport => ({ date: new Date().toISOString(), machine, quick, built, runs: 1, results });
  for (const fault of faults) {
    if (signal.aborted) break;
    const startedAt = new Date();
    say(`\n${startedAt.toISOString()} ${String(fault.row)} ${fault.name}: ${fault.title}`);
    try {
      const result = await play(fault, { ...options, say: (line) => say(`    ${line}`) });
      const report = reportOf(result, seed);
      results.push(report);
      for (const line of details(report)) say(line);
      if (!result.passed) showLogs(result, say);
    } catch (error) {
      results.push(brokenReport(fault, { error, seed, startedAt }));
      say(`  BROKEN ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    keep(sofar());
  }
  return sofar();
}

function showLogs({ logs }: FaultResult, say: (line: string) => void): void {
  for (const [name, log] of Object.entries(logs)) {
    if (log.trim() !== "") say(`--- the log of ${name} ends with\n${log.trimEnd()}`);
  }
}
