import { atMost, type BenchRun } from "../bench.ts";
import { measureContenders } from "../contenders/measure-contenders.ts";
import { medianOf, spreadOf } from "../rounds.ts";
import { measureBatches, type BatchResult } from "./bench-batches.ts";
import { refuseDisagreement } from "./refuse-disagreement.ts";

const FLOOR = "floor: rule and hashes alone";
const ENGINE = "@lotty/engine decide";

/** Decisions in memory beside the bare work, with both hashes and with the allocation hash skipped; then 20 flags in one call. */
export async function benchEngine(run: BenchRun): Promise<void> {
  run.print("One flag, a rule of three clauses, two variants, 100,000 subjects of whom about half match.");
  for (const [title, traffic] of [
    ["80 % traffic: two hashes", 80],
    ["100 % traffic: the allocation hash is skipped", 100],
  ] as const) {
    refuseDisagreement(traffic);
    await compare(run, title, traffic);
  }
  reportBatches(run, await measureBatches(run.quick ? 5 : 15));
}

async function compare(run: BenchRun, title: string, traffic: number): Promise<void> {
  const contender = (file: string): URL => new URL(`../contenders/${file}.ts`, import.meta.url);
  const measured = await measureContenders(
    [
      { name: FLOOR, module: contender("floor-contender"), argument: traffic },
      { name: ENGINE, module: contender("engine-contender"), argument: traffic },
    ],
    run.quick ? 5 : 21,
  );
  const floor = medianOf(measured, FLOOR);
  run.print(`### ${title}`);
  run.table(
    ["one decision", "median ns", "spread", "decisions/s", "p50 µs", "p99 µs", "x floor"],
    measured.map((each) => [
      each.name,
      each.median.toFixed(0),
      spreadOf(each),
      (1e9 / each.median).toLocaleString("en", { maximumFractionDigits: 0 }),
      each.calls.p50.toFixed(2),
      each.calls.p99.toFixed(2),
      (each.median / floor).toFixed(2),
    ]),
  );
  run.judge(
    atMost(medianOf(measured, ENGINE) / floor, { what: `one decision, ${traffic} %`, bound: 1.2, unit: "x floor" }),
  );
  const [floorCalls, engineCalls] = measured.map(({ calls }) => calls);
  const later = (engineCalls?.p99 ?? Number.NaN) - (floorCalls?.p99 ?? Number.NaN);
  run.judge(atMost(later, { what: `p99 of one call, ${traffic} %`, bound: 1, unit: "µs above the floor's" }));
}

function reportBatches(run: BenchRun, { many, one, reads, writes, flags }: BatchResult): void {
  run.print("### Several flags of one subject, through the decider, ports in memory");
  run.table(
    ["one call", "median µs", "spread", "x one flag"],
    [one, many].map((each) => [
      each.name,
      (each.median / 1_000).toFixed(2),
      `${(each.lowest / 1_000).toFixed(2)}-${(each.highest / 1_000).toFixed(2)}`,
      (each.median / one.median).toFixed(2),
    ]),
  );
  run.judge(atMost(many.median / one.median, { what: `${flags} flags in one call`, bound: 15, unit: "x one flag" }));
  run.judge({
    what: `history of a call for ${flags} flags`,
    target: "read once, written once",
    measured: `read ${reads} times, written ${writes} times`,
    met: reads === 1 && writes === 1,
  });
}
