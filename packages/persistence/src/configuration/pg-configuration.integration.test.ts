import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type ChangeNotice, type ConfigurationChange } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import {
  assigningDecision,
  sampleExperiment,
  sampleFlag,
  sampleSegment,
  STORE_NOW,
  storeExperiments,
} from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

describe("configuration in the database", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    await storage.migrate();
    pool = new Pool({ connectionString: database.url });
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  async function apply(change: ConfigurationChange): Promise<number> {
    return storage.configuration.apply(environmentId, change, await storage.configuration.revision(environmentId));
  }

  it("has times that the database itself reads to the microsecond", async () => {
    const flag = sampleFlag({ updatedAt: STORE_NOW });
    await apply({ putFlags: [flag] });
    const text =
      "SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS at FROM flags WHERE id = $1";
    const { rows } = await pool.query<{ at: string }>(text, [flag.id]);
    expect(rows).toStrictEqual([{ at: "2026-03-01 12:00:00.123457" }]);
  });

  it("keeps every version as it was, also of what is gone", async () => {
    const flag = sampleFlag();
    const experiment = sampleExperiment(flag.id);
    const changed = { ...experiment, version: 2, trafficAllocation: 1 };
    const first = await apply({ putFlags: [flag], putExperiments: [experiment] });
    const second = await apply({ putExperiments: [changed] });
    await apply({ removeExperimentIds: [experiment.id], removeFlagIds: [flag.id] });
    const { rows } = await pool.query<object>(
      "SELECT revision::int, version, definition FROM experiment_versions WHERE experiment_id = $1 ORDER BY revision",
      [experiment.id],
    );
    expect(rows).toStrictEqual([
      { revision: first, version: 1, definition: experiment },
      { revision: second, version: 2, definition: changed },
    ]);
    const flags = await pool.query<object>("SELECT definition FROM flag_versions WHERE flag_id = $1", [flag.id]);
    expect(flags.rows).toStrictEqual([{ definition: flag }]);
  });

  it("has a row in the change log for each revision", async () => {
    const flag = sampleFlag();
    const revision = await apply({ putFlags: [flag], removeDomainIds: ["00000000-0000-7000-8000-00000000dddd"] });
    const { rows } = await pool.query<object>("SELECT changes FROM change_log WHERE revision = $1", [revision]);
    const changes = { put_flags: [flag.id], remove_domains: ["00000000-0000-7000-8000-00000000dddd"] };
    expect(rows).toStrictEqual([{ changes }]);
  });

  it("tells other processes of a change in less than a second, and of a refused one not at all", async () => {
    const follower = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    const heard: ChangeNotice[] = [];
    const stop = await follower.notices.subscribe((notice) => heard.push(notice));
    await expect(apply({ putFlags: [sampleFlag(), sampleFlag({ version: 0 })] })).rejects.toThrow("refuses");
    const revision = await apply({ putFlags: [sampleFlag()] });
    await vi.waitFor(() => expect(heard).toStrictEqual([{ environmentId, revision }]), { timeout: 1_000, interval: 5 });
    await stop();
    await follower.close();
  });

  describe("refuses", () => {
    const rejected = { code: "database_rejected", retryable: false };

    it("to remove an experiment that subjects take part in", async () => {
      const [experimentId = ""] = await storeExperiments(storage.configuration, environmentId, 1);
      await storage.sink.write([assigningDecision({ environmentId, subjectId: "holder" }, experimentId)]);
      const refused = apply({ removeExperimentIds: [experimentId] });
      await expect(refused).rejects.toMatchObject({ ...rejected, details: { experimentIds: [experimentId] } });
    });

    it("two active experiments on one flag", async () => {
      const flag = sampleFlag();
      const active = [1, 2].map(() => sampleExperiment(flag.id, { status: "paused" }));
      await expect(apply({ putFlags: [flag], putExperiments: active })).rejects.toMatchObject({
        ...rejected,
        details: { constraint: "experiments_one_active_per_flag" },
      });
    });

    it("names that are taken, flags that are missing or in use, and numbers out of range", async () => {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      await apply({ putFlags: [flag], putExperiments: [experiment] });
      const before = await storage.configuration.load(environmentId);
      const [variant] = experiment.variants;
      const changes: readonly ConfigurationChange[] = [
        { putFlags: [sampleFlag({ key: flag.key })] },
        { putFlags: [flag, flag] },
        { putExperiments: [sampleExperiment(flag.id, { key: experiment.key })] },
        { putExperiments: [sampleExperiment(randomUUID())] },
        { putExperiments: [sampleExperiment(flag.id, { trafficAllocation: 10_001 })] },
        { putExperiments: [sampleExperiment(flag.id, { trafficAllocation: -1 })] },
        { putExperiments: [sampleExperiment(flag.id, { variants: variant ? [{ ...variant, weight: -1 }] : [] })] },
        { putExperiments: [sampleExperiment(flag.id, { variants: [...experiment.variants, ...experiment.variants] })] },
        { putDomains: [{ id: randomUUID(), key: "d", members: [{ experimentId: randomUUID(), priority: 1 }] }] },
        { removeFlagIds: [flag.id] },
        { putFlags: [sampleFlag({ id: "not an id" })] },
      ];
      for (const change of changes) await expect(apply(change)).rejects.toMatchObject(rejected);
      expect(await storage.configuration.load(environmentId)).toStrictEqual(before);
    });

    it("an environment that does not exist and records of another environment", async () => {
      const other = randomUUID();
      await expect(storage.configuration.apply(other, {}, 0)).rejects.toMatchObject(rejected);
      await pool.query("INSERT INTO environments (id, key) VALUES ($1, 'other')", [other]);
      const segment = sampleSegment();
      await storage.configuration.apply(other, { putSegments: [segment] }, 0);
      await expect(apply({ putSegments: [{ ...segment, key: "stolen" }] })).rejects.toMatchObject(rejected);
      expect((await storage.configuration.load(other)).segments).toStrictEqual([segment]);
      await pool.query("DELETE FROM segments WHERE environment_id = $1", [other]);
      for (const table of ["segment_versions", "change_log"]) {
        await pool.query(`DELETE FROM ${table} WHERE environment_id = $1`, [other]);
      }
      await pool.query("DELETE FROM environments WHERE id = $1", [other]);
    });
  });

  it(
    "reads ten thousand flags and three thousand experiments on one connection at a time",
    { timeout: 60_000 },
    async () => {
      const flags = Array.from({ length: 10_000 }, () => sampleFlag());
      const experiments = flags.slice(0, 3_000).map(({ id }) => sampleExperiment(id, { status: "running" }));
      const domains = Array.from({ length: 100 }, (_, index) => ({
        id: randomUUID(),
        key: `domain-${index}`,
        members: experiments
          .slice(index * 30, index * 30 + 30)
          .map(({ id }) => ({ experimentId: id, priority: index })),
      }));
      const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
        const start = performance.now();
        await work();
        process.stdout.write(`${name}: ${Math.round(performance.now() - start)} ms\n`);
      };
      await timed("apply 10,000 flags, 3,000 experiments", () =>
        apply({ putFlags: flags, putExperiments: experiments, putDomains: domains }),
      );
      const query = vi.spyOn(Pool.prototype, "connect");
      for (const round of [1, 2, 3]) {
        await timed(`load, round ${round}`, () => storage.configuration.load(environmentId));
      }
      expect(query).toHaveBeenCalledTimes(3);
      query.mockRestore();
      const loaded = await storage.configuration.load(environmentId);
      expect(loaded.flags).toEqual(expect.arrayContaining(flags.slice(0, 5)));
      expect(loaded.domains.flatMap(({ members }) => members)).toHaveLength(3_000);
    },
  );
});
