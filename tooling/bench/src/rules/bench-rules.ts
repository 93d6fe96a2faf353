import { atLeast, type BenchRun } from "../bench.ts";
import { measureContenders } from "../contenders/measure-contenders.ts";
import { RULE } from "../engine/workload.ts";
import { isInstalled, peerModule, versionOf } from "../peers/peer-packages.ts";
import { PEER_RULES } from "../peers/sdks.ts";
import { medianOf, spreadOf } from "../rounds.ts";

const LOTTY = "@lotty/engine, compiled";

/** Compiled rules beside rule engines and beside the same rule as a function. */
export async function benchRules(run: BenchRun): Promise<void> {
  const contender = (file: string): URL => new URL(`../contenders/${file}.ts`, import.meta.url);
  const withPeers = isInstalled("sdks");
  const measured = await measureContenders(
    [
      { name: LOTTY, module: contender("rule-contender"), argument: 0 },
      { name: "a function by hand", module: contender("rule-floor-contender"), argument: 0 },
      ...(withPeers ? PEER_RULES : []).map((name) => ({
        name: `${name} ${versionOf(name)}`,
        module: peerModule(`rules/${name}`),
        argument: 0,
      })),
    ],
    run.quick ? 5 : 21,
  );
  const own = medianOf(measured, LOTTY);
  run.print(`The rule \`${RULE}\` for 100,000 subjects, each engine in a process of its own.`);
  run.table(
    ["rule engine", "median ns", "spread", "x Lotty"],
    measured.map((each) => [each.name, each.median.toFixed(1), spreadOf(each, 1), (each.median / own).toFixed(2)]),
  );
  if (!withPeers) {
    run.print("The rule engines of others are not installed here: `pnpm bench peers` installs them.");
    return;
  }
  const fastest = Math.min(...measured.slice(2).map(({ median }) => median));
  run.judge(atLeast(fastest / own, { what: "compiled rules", bound: 1, unit: "x as fast as the fastest engine" }));
}
