import type { PlanFigures } from "./plans/simulate-plans.ts";
import { percent, type Share } from "./share.ts";
import type { Figures } from "./simulate.ts";
import type { AllFigures, Scale } from "./simulate-all.ts";
import { type SplitAlarms, type SplitFigures, WRONG_SHARE } from "./splits/simulate-splits.ts";

/** Prints what all simulations came to, as tables. */
export function printFigures({ looks, plans, splits }: AllFigures, scale: Scale): void {
  printLooks(looks, scale.looks);
  printPlans(plans, scale.plans);
  printSplits(splits, scale.splits);
}

function printLooks({ effect, naive, rules }: Figures, scale: Scale["looks"]): void {
  const { days, perDay, seed, withEffect, without } = scale;
  console.log(
    `One metric: ${String(without)} experiments without an effect, ${String(withEffect)} with one of ${percent(effect)}; ` +
      `${String(days)} daily looks, ${String(perDay)} subjects per arm a day; seed ${String(seed)}\n`,
  );
  printRow("rule", ["false claims", "found", "interval holds", "lift holds", "mean day"]);
  for (const { coverage, falseClaims, found, liftCoverage, looking, meanDay } of rules) {
    const shares = [falseClaims, found, coverage, liftCoverage].map(shown);
    printRow(looking, [...shares, meanDay === null ? "" : meanDay.toFixed(1)]);
  }
  console.log(`p of one look, read daily: ${shown(naive)} false claims`);
}

function printPlans({ corrections, metrics }: PlanFigures, { withEffect, without }: Scale["plans"]): void {
  console.log(
    `\nPlans of one primary and three secondary metrics, three variants, eight comparisons corrected together: ${String(without)} experiments ` +
      `without any effect, ${String(withEffect)} in which half of the comparisons have one\n`,
  );
  printRow("rule, correction", ["any false claim", "any beside true", "false of claims", "effects found"]);
  for (const { anyFalse, anyFalseAmongTrue, correction, falseShare, found, looking } of corrections) {
    printRow(`${looking}, ${correction}`, [anyFalse, anyFalseAmongTrue, falseShare, found].map(shown));
  }
  console.log("");
  printRow("metric (group_sequential)", ["interval holds", "lift holds", "variance taken away"]);
  for (const { coverage, liftCoverage, metric, varianceReduction } of metrics) {
    const gain = varianceReduction === null ? "no covariate" : percent(varianceReduction);
    printRow(metric, [shown(coverage), shown(liftCoverage), gain]);
  }
}

function printSplits({ right, wrong }: SplitFigures, { days, experiments, perDay }: Scale["splits"]): void {
  console.log(
    `\nSplits: ${String(experiments)} experiments with the split that was meant, and as many with ${percent(WRONG_SHARE)} where ` +
      `one half was meant; ${String(days)} daily looks, ${String(perDay)} subjects a day; red below 0.001\n`,
  );
  printRow("test", ["false alarms", "wrong splits found"]);
  const row = (name: string, of: (alarms: SplitAlarms) => Share): void => {
    printRow(
      name,
      [right, wrong].map((alarms) => shown(of(alarms))),
    );
  };
  row("sequential, daily", ({ sequential }) => sequential);
  row("one look, at the end", ({ once }) => once);
  row("one look, read daily", ({ onceDaily }) => onceDaily);
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(`${name.padEnd(26)} ${cells.map((cell) => cell.padEnd(18)).join(" ")}`.trimEnd());
}

function shown({ error, share }: Share): string {
  return share < 0.01
    ? `${(share * 100).toFixed(2)}% ± ${(error * 100).toFixed(2)}`
    : `${percent(share)} ± ${(error * 100).toFixed(1)}`;
}
