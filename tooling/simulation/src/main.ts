import { parseArgs } from "node:util";
import { errorOf, type Figures, type Share, simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
});
const seed = Number(values.seed);
const scale = values.quick
  ? { seed, without: 200, withEffect: 100, days: 28, perDay: 100 }
  : { seed, without: 2_000, withEffect: 500, days: 28, perDay: 100 };

const begun = performance.now();
const figures = simulate(scale, (done, of) => {
  if (done % 100 === 0) process.stderr.write(`${String(done)} of ${String(of)}\n`);
});
print(figures);
const [sequential] = figures.rules;
const off = Math.abs((sequential?.falseClaims.share ?? 1) - 0.05);
const allowed = errorOf(0.05, scale.without);
const fine = off <= allowed;
console.log(
  `\nThe default claims an effect where there is none in ${percent(sequential?.falseClaims.share ?? 1)} of the experiments; ` +
    `5% ± ${percent(allowed)} is what it should be: ${fine ? "passed" : "FAILED"}.`,
);
console.log(`${((performance.now() - begun) / 1_000).toFixed(0)} s`);
process.exitCode = fine ? 0 : 1;

function print({ effect, naive, rules }: Figures): void {
  const { days, perDay, withEffect, without } = scale;
  console.log(
    `${String(without)} experiments without an effect, ${String(withEffect)} with one of ${percent(effect)}; ` +
      `${String(days)} daily looks, ${String(perDay)} subjects per arm a day; seed ${String(seed)}\n`,
  );
  console.log("rule              false claims     found            interval holds   lift holds       mean day");
  for (const { coverage, falseClaims, found, liftCoverage, looking, meanDay } of rules) {
    const cells = [falseClaims, found, coverage, liftCoverage].map((share) => shown(share).padEnd(16));
    console.log(`${looking.padEnd(17)} ${cells.join(" ")} ${meanDay === null ? "" : meanDay.toFixed(1)}`);
  }
  console.log(`p of one look, read daily: ${shown(naive)} false claims`);
}

function shown({ error, share }: Share): string {
  return `${percent(share)} ± ${percent(error)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
