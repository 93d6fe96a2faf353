import { parseArgs } from "node:util";
import { checksOf, type Scale, simulateAll } from "./simulate-all.ts";
import { printFigures } from "./print-figures.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    scale: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
  },
});
const share = values.quick ? 0.05 : Number(values.scale);
if (!(share >= 0.01 && share <= 100)) throw new RangeError("--scale has to be from 0.01 to 100.");
const times = (count: number): number => Math.round(count * share);
const shape = { seed: Number(values.seed), days: 28, perDay: 100 };
const scale: Scale = {
  looks: { ...shape, without: times(2_000), withEffect: times(500) },
  plans: { ...shape, without: times(2_000), withEffect: times(800) },
  splits: { ...shape, perDay: 1_000, experiments: times(20_000) },
};

const begun = performance.now();
const figures = simulateAll(scale, (what, done, of) => {
  if (done % 100 === 0) process.stderr.write(`${what}: ${String(done)} of ${String(of)}\n`);
});
printFigures(figures, scale);
const checks = checksOf(figures, scale);
console.log("");
for (const { fine, sentence } of checks) console.log(`${sentence}: ${fine ? "passed" : "FAILED"}.`);
console.log(`${((performance.now() - begun) / 1_000).toFixed(0)} s`);
process.exitCode = checks.every(({ fine }) => fine) ? 0 : 1;
