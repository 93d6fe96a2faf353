import { FULL_ALLOCATION, type Subject, type SubjectHistory } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot, decide, type Snapshot } from "@lotty/engine";
import { measureInRounds, percentile, type Contender } from "../rounds.ts";
import { markdownTable } from "../table.ts";
import { floorDecision } from "./floor.ts";
import { oneFlag, SUBJECTS, subjects } from "./workload.ts";

const ROUNDS = 15;
const NO_HISTORY: SubjectHistory = [];

/** Decisions in memory beside the bare work, with both hashes and with the allocation hash skipped. */
export async function benchEngine(print: (text: string) => void): Promise<void> {
  for (const [title, allocation] of [
    ["80 % traffic: two hashes", 8_000],
    ["100 % traffic: the allocation hash is skipped", FULL_ALLOCATION],
  ] as const) {
    const snapshot = compileSnapshot(oneFlag(allocation), { parseRule });
    const viaEngine = (subject: Subject): unknown =>
      decide(snapshot, "flag", { subject, history: NO_HISTORY, now: 0 }).value;
    const viaFloor = (subject: Subject): unknown => floorDecision(subject, allocation);
    refuseDisagreement(viaEngine, viaFloor);
    const measured = await measureInRounds(
      [contender("floor: rule and hashes alone", viaFloor), contender("@lotty/engine decide", viaEngine)],
      ROUNDS,
    );
    const floor = measured[0]?.median ?? Number.NaN;
    const rows = measured.map(({ highest, lowest, median, name }) => [
      name,
      median.toFixed(0),
      `${lowest.toFixed(0)}-${highest.toFixed(0)}`,
      (1e9 / median).toLocaleString("en", { maximumFractionDigits: 0 }),
      (median / floor).toFixed(2),
    ]);
    print(`\n### Engine, ${title}\n`);
    print(markdownTable(["one decision", "median ns", "spread", "decisions/s", "x floor"], rows));
    const latency = [viaFloor, viaEngine].map((decideOne) => latencies(decideOne));
    print(
      `\nOne call, µs: floor p50 ${us(latency[0], 0.5)} p99 ${us(latency[0], 0.99)}; engine p50 ${us(latency[1], 0.5)} p99 ${us(latency[1], 0.99)}`,
    );
  }
  print(`\nGrowth: ${await growth()}`);
}

function contender(name: string, decideOne: (subject: Subject) => unknown): Contender {
  return {
    name,
    run: () => {
      const start = process.hrtime.bigint();
      let assigned = 0;
      for (const subject of subjects) if (decideOne(subject) !== "off") assigned += 1;
      const nanos = Number(process.hrtime.bigint() - start) / SUBJECTS;
      if (assigned === 0) throw new Error(`${name} assigned nobody.`);
      return nanos;
    },
  };
}

/** A benchmark of two things that do not give the same answers compares nothing. */
function refuseDisagreement(a: (subject: Subject) => unknown, b: (subject: Subject) => unknown): void {
  const subject = subjects.find((each) => a(each) !== b(each));
  if (subject !== undefined) throw new Error(`Engine and floor disagree about ${subject.id}.`);
}

function latencies(decideOne: (subject: Subject) => unknown): Float64Array {
  return Float64Array.from(subjects, (subject) => {
    const start = process.hrtime.bigint();
    decideOne(subject);
    return Number(process.hrtime.bigint() - start);
  });
}

function us(nanos: Float64Array | undefined, share: number): string {
  return (percentile(nanos ?? [], share) / 1_000).toFixed(2);
}

/** Decision time with 10 and with 10,000 flags. */
async function growth(): Promise<string> {
  const sizes = [10, 10_000];
  const measured = await measureInRounds(
    sizes.map((flags) => {
      const snapshot = manyFlags(flags);
      let next = 0;
      return contender(`${flags} flags`, (subject) => {
        next = (next + 7) % flags;
        return decide(snapshot, `flag-${next}`, { subject, history: NO_HISTORY, now: 0 }).value;
      });
    }),
    ROUNDS,
  );
  return measured.map(({ median, name }) => `${name} ${median.toFixed(0)} ns`).join(", ");
}

function manyFlags(count: number): Snapshot {
  const one = oneFlag(FULL_ALLOCATION);
  const indexes = Array.from({ length: count }, (_, index) => index);
  const configuration = {
    ...one,
    flags: indexes.flatMap((index) => one.flags.map((flag) => ({ ...flag, id: `f-${index}`, key: `flag-${index}` }))),
    experiments: indexes.flatMap((index) =>
      one.experiments.map((experiment) => ({ ...experiment, id: `experiment-${index}`, flagId: `f-${index}` })),
    ),
  };
  return compileSnapshot(configuration, { parseRule });
}
