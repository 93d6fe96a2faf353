import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { openPostgres, type Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleLearning } from "@lotty/testkit/suites/learnings";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../system/system-clock.ts";
import { Uuid7Source } from "../system/uuid7-source.ts";
import { configForTest } from "../testing/config-for-test.ts";
import { learningEffectsJob, type EffectSource } from "./learning-job.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const DAY = 86_400_000_000;

describe("measuring what was learned", () => {
  let database: TestDatabase;
  let storage: Storage;
  const logger = new RecordingLogger();

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger });
    await storage.migrate();
  });
  afterAll(async () => {
    await storage.close();
    await database.drop();
  });

  it("writes results into learnings once they are there, and again only a day later and when they have changed", async () => {
    const now = systemClock.now();
    const [recent, old] = [sampleLearning({ completedAt: now - DAY }), sampleLearning({ completedAt: now - 90 * DAY })];
    const { revision } = await storage.control.store.load(environmentId);
    await storage.control.store.commit(
      environmentId,
      { putLearnings: [recent, old], audit: sampleLink("test") },
      revision,
    );
    const asked: string[] = [];
    let lift: number | undefined;
    const of = { metricId: "m", metricKey: "orders", variant: "green", isPrimary: true, higherIsBetter: true };
    const effectsOf: EffectSource = async ({ experimentId }) => {
      asked.push(experimentId);
      return lift === undefined ? [] : [{ ...of, lift, se: 0.01, low: null, high: null }];
    };
    const run = async (at: number): Promise<void> => {
      const parts = { clock: { now: () => at }, config: configForTest(), ids: new Uuid7Source(), logger, storage };
      expect(await learningEffectsJob(parts, effectsOf).run(new AbortController().signal)).toBe("done");
    };
    const stored = async (): Promise<unknown> => {
      const learning = await storage.control.learnings.find(environmentId, recent.id);
      return [learning?.version, learning?.effects.map((effect) => effect.lift)];
    };

    await run(now);
    expect(await stored()).toStrictEqual([1, []]);
    lift = 0.1;
    await run(now);
    expect(await stored()).toStrictEqual([2, [0.1]]);
    lift = 0.2;
    await run(now + DAY - 1);
    expect(await stored()).toStrictEqual([2, [0.1]]);
    await run(now + DAY);
    expect(await stored()).toStrictEqual([3, [0.2]]);
    await run(now + 2 * DAY);
    expect(await stored()).toStrictEqual([3, [0.2]]);
    expect(asked).not.toContain(old.experimentId);
  });
});
