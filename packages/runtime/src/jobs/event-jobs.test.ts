import { MICROS_PER_DAY, type PendingProgress, type PendingQuestion } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { Registry } from "prom-client";
import { beforeEach, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { eventRetentionJob, pendingExposuresJob, type EventJobParts } from "./event-jobs.ts";

const NOW = 100 * MICROS_PER_DAY;
const NOTHING: PendingProgress = { counted: 0, refused: 0, expired: 0, waiting: 0 };

let asked: PendingQuestion[];
let removals: [number, number][];
let registry: Registry;
beforeEach(() => {
  asked = [];
  removals = [];
  registry = new Registry();
});

function parts(progress: readonly PendingProgress[], removed: readonly number[], env = {}): EventJobParts {
  const steps = progress.values();
  const counts = removed.values();
  return {
    clock: new ManualClock(NOW),
    config: configForTest(env),
    metrics: { registry },
    storage: {
      kind: "pglite",
      events: {
        recorder: { record: () => Promise.resolve([]) },
        sink: { write: () => Promise.resolve([]) },
        log: { list: () => Promise.resolve({ events: [], next: null }) },
        pendingExposures: {
          resolve: async (question) => {
            asked.push(question);
            return steps.next().value ?? NOTHING;
          },
          waiting: () => Promise.resolve(7),
        },
        retention: {
          removeBefore: async (before, limit) => {
            removals.push([before, limit]);
            return counts.next().value ?? 0;
          },
        },
      },
    },
  };
}

const signal = new AbortController().signal;

describe("looking for the decisions of exposures", () => {
  it("goes on while there are more whose turn it is, and gives up those that are too old", async () => {
    const job = pendingExposuresJob(
      parts([{ ...NOTHING, counted: 98, expired: 2 }], [], { EXPOSURE_PENDING_DAYS: "3" }),
    );
    expect(await job.run(signal)).toBe("more");
    expect(await job.run(signal)).toBe("done");
    expect(asked[0]).toStrictEqual({ now: NOW, giveUpBefore: 97 * MICROS_PER_DAY, limit: 100 });
  });

  it("counts what became of them, and shows how many wait", async () => {
    await pendingExposuresJob(parts([{ ...NOTHING, refused: 3, waiting: 7 }], [])).run(signal);
    const text = await registry.metrics();
    expect(text).toContain('lotty_pending_exposures_settled_total{outcome="refused"} 3');
    expect(text).toContain("lotty_pending_exposures 7");
  });
});

describe("removing old events", () => {
  it("takes small steps until there are no more", async () => {
    const job = eventRetentionJob(parts([], [100, 12], { EVENT_RETENTION_DAYS: "30" }));
    expect([await job.run(signal), await job.run(signal)]).toStrictEqual(["more", "done"]);
    expect(removals).toStrictEqual([
      [70 * MICROS_PER_DAY, 100],
      [70 * MICROS_PER_DAY, 100],
    ]);
  });

  it("removes nothing unless asked to", async () => {
    expect(await eventRetentionJob(parts([], [])).run(signal)).toBe("done");
    expect(removals).toStrictEqual([]);
  });
});
