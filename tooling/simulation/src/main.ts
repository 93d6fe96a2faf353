import { parseArgs } from "node:util";
import { checksOf, type Scale, simulateAll } from "./simulate-all.ts";
import { printFigures } from "./print-figures.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
});
const shape = { seed: Number(values.seed), days: 28, perDay: 100 };
const scale: Scale = values.quick
  ? {
      looks: { ...shape, without: 200, withEffect: 100 },
      plans: { ...shape, without: 60, withEffect: 30 },
      splits: { ...shape, perDay: 1_000, experiments: 2_000 },
    }
  : {
      looks: { ...shape, without: 2_000, withEffect: 500 },
      plans: { ...shape, without: 2_000, withEffect: 800 },
      splits: { ...shape, perDay: 1_000, experiments: 20_000 },
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
