import { atLeast, type BenchRun } from "../bench.ts";
import { measureContenders } from "../contenders/measure-contenders.ts";
import { spreadOf } from "../rounds.ts";
import { installPeers, peerModule, versionOf } from "./peer-packages.ts";
import { LEFT_OUT, PEER_SDKS } from "./sdks.ts";

/** The engine beside the SDKs of others. Installs them when they are missing. */
export async function benchPeers(run: BenchRun): Promise<void> {
  installPeers();
  run.print(
    "One flag, a rule of three clauses, two variants, 100,000 subjects of whom about half match; each contender in a process of " +
      "its own, with what it is asked with made before. A call of an asynchronous SDK counts until its promise is made.",
  );
  await compare(run, { traffic: 80, lead: 1.2, hashes: "two hashes" });
  await compare(run, { traffic: 100, lead: 1.5, hashes: "one hash" });
  run.print(LEFT_OUT);
}

interface Comparison {
  readonly traffic: number;
  readonly hashes: string;
  /** How many times as fast as flagd-core the engine is asked to be. */
  readonly lead: number;
}

async function compare(run: BenchRun, { hashes, lead, traffic }: Comparison): Promise<void> {
  const own = (file: string): URL => new URL(`../contenders/${file}.ts`, import.meta.url);
  const measured = await measureContenders(
    [
      { name: "floor: rule and hashes alone", module: own("floor-contender"), argument: traffic },
      { name: "@lotty/engine", module: own("engine-contender"), argument: traffic },
      ...PEER_SDKS.map(({ module, packageName }) => ({
        name: `${packageName} ${versionOf(packageName)}`,
        module: peerModule(module),
        argument: traffic,
      })),
    ],
    run.quick ? 3 : 11,
  );
  const engine = measured[1]?.median ?? Number.NaN;
  run.print(`### ${traffic} % traffic (${hashes} in the engine)`);
  run.table(
    ["engine", "hash", "median ns", "spread", "p50 µs", "p99 µs", "x @lotty/engine"],
    measured.map((each, index) => [
      each.name,
      PEER_SDKS[index - 2]?.hash ?? "SHA-256",
      each.median.toFixed(0),
      spreadOf(each),
      each.calls.p50.toFixed(2),
      each.calls.p99.toFixed(2),
      (each.median / engine).toFixed(2),
    ]),
  );
  const fastest = Math.min(...measured.slice(2).map(({ median }) => median));
  run.judge(
    atLeast(fastest / engine, { what: `engine, ${traffic} % traffic`, bound: lead, unit: "x the fastest peer" }),
  );
}
