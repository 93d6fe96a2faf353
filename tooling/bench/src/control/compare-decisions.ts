import { DEFAULT_ENVIRONMENT_ID, type Configuration } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot, decide } from "@lotty/engine";
import { atMost, type BenchRun } from "../bench.ts";
import { cpuNanos } from "../cpu-time.ts";
import { subjects } from "../engine/workload.ts";
import { measureInRounds, medianOf, spreadOf, type Contender } from "../rounds.ts";
import { largeConfiguration, type ConfigurationSize } from "./large-configuration.ts";

/** Two sizes to compare. */
export interface SizesToCompare {
  readonly small: ConfigurationSize;
  readonly large: ConfigurationSize;
}

/** Decides about one flag with an experiment, among few and among many. */
export async function compareDecisions(run: BenchRun, { large, small }: SizesToCompare): Promise<void> {
  const contenders = [small, large].map(contender);
  for (const each of contenders) await each.run();
  const measured = await measureInRounds(contenders, run.quick ? 5 : 15);
  run.print("### Deciding about one flag with an experiment, processor time");
  run.table(
    ["flags", "ns", "spread"],
    measured.map((each) => [each.name, each.median.toFixed(0), spreadOf(each)]),
  );
  const growth = medianOf(measured, String(large.flags)) / medianOf(measured, String(small.flags));
  run.judge(
    atMost(growth, { what: `decision time with ${large.flags} flags`, bound: 1.1, unit: `x with ${small.flags}` }),
  );
}

function contender(size: ConfigurationSize): Contender {
  const { putDomains = [], putExperiments = [], putFlags = [], putSegments = [] } = largeConfiguration(size);
  const configuration: Configuration = {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    revision: 1,
    flags: putFlags,
    experiments: putExperiments,
    domains: putDomains,
    segments: putSegments,
  };
  // The flag of the last experiment has no rules, and is in no conflict domain, whatever the size.
  const key = `flag-${size.experiments - 1}`;
  const snapshot = compileSnapshot(configuration, { parseRule });
  const contexts = subjects.map((subject) => ({ subject, history: [], now: 0 }));
  return {
    name: String(size.flags),
    run: () => {
      let assigned = 0;
      const start = cpuNanos();
      for (const context of contexts) if (decide(snapshot, key, context).variant !== null) assigned += 1;
      const nanos = (cpuNanos() - start) / contexts.length;
      if (assigned === 0) throw new Error("Nobody was assigned.");
      return nanos;
    },
  };
}
