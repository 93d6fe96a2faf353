import { MICROS_PER_DAY } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { beforeEach, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { decisionRetentionJob } from "./decision-retention-job.ts";
import type { Job } from "./job.ts";

const NOW = 100 * MICROS_PER_DAY;
const signal = new AbortController().signal;

let logger: RecordingLogger;
let asked: (readonly [what: string, given: number])[];
beforeEach(() => {
  logger = new RecordingLogger();
  asked = [];
});

function jobWith(env: Readonly<Record<string, string>>, sets: readonly number[] = []): Job {
  const counts = sets.values();
  return decisionRetentionJob({
    clock: new ManualClock(NOW),
    config: configForTest(env),
    logger,
    storage: {
      kind: "pglite",
      decisionRetention: {
        removeBefore: async (instant) => {
          asked.push(["days", instant]);
          return { days: ["decisions_d19700101"], strays: 2 };
        },
        removeUnnamedAttributes: async (limit) => {
          asked.push(["attributes", limit]);
          return counts.next().value ?? 0;
        },
      },
    },
  });
}

describe("keeping decisions for some days", () => {
  it("takes older days away and says which", async () => {
    expect(await jobWith({ DECISION_RETENTION_DAYS: "30" }).run(signal)).toBe("done");
    expect(asked).toStrictEqual([
      ["days", 70 * MICROS_PER_DAY],
      ["attributes", 500],
    ]);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ event: "decisions_removed", fields: { days: ["decisions_d19700101"], strays: 2 } }),
    );
  });

  it("takes none away unless asked to, but attributes that no decision names, in small steps", async () => {
    const job = jobWith({}, [500, 3]);
    expect([await job.run(signal), await job.run(signal)]).toStrictEqual(["more", "done"]);
    expect(asked).toStrictEqual([
      ["attributes", 500],
      ["attributes", 500],
    ]);
  });
});
