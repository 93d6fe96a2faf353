import { DEFAULT_ENVIRONMENT_ID, isLottyError, type Configuration, type ConfigurationChange } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleExperiment, sampleFlag, sampleSegment } from "@lotty/testkit/suites/decision-store-fixture";
import fc from "fast-check";
import type { Knex } from "knex";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { poolOf } from "../compose-storage.ts";
import { openPostgres } from "../open-postgres.ts";
import { knexOn } from "../sql/knex-on.ts";
import type { Storage } from "../storage.ts";
import { emptyStorage } from "../testing.ts";
import { PgConfigurationSource } from "./pg-configuration-source.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;

let database: TestDatabase;
let storage: Storage;
let knex: Knex;
/** Has loaded before, as a process has that runs for long. */
let source: PgConfigurationSource;

beforeAll(async () => {
  const logger = new RecordingLogger();
  database = await createTestDatabase();
  storage = await openPostgres({ url: database.url, logger });
  await storage.migrate();
  knex = knexOn(poolOf(storage), logger);
});

afterAll(async () => {
  await storage.close();
  await knex.destroy();
  await database.drop();
});

beforeEach(async () => {
  await emptyStorage(storage);
  source = new PgConfigurationSource(knex);
});

/** What somebody reads who has never loaded before. */
function readAfresh(): Promise<Configuration> {
  return new PgConfigurationSource(knex).load(environmentId);
}

async function apply(change: ConfigurationChange): Promise<number> {
  return storage.configuration.apply(environmentId, change, await storage.configuration.revision(environmentId));
}

/** Few things, so that changes meet: an id is put, changed, removed and put again. */
const ids = (kind: string, count: number): fc.Arbitrary<string> =>
  fc.nat({ max: count - 1 }).map((index) => `${kind.repeat(8)}-0000-4000-8000-00000000000${index}`);
const flagIds = ids("f", 4);
const experimentIds = ids("e", 4);
const domainIds = ids("d", 3);
const segmentIds = ids("5", 2);
const version = fc.integer({ min: 1, max: 1_000 });

const putFlags = fc.tuple(fc.uniqueArray(flagIds, { minLength: 1, maxLength: 3 }), version).map(([given, at]) => ({
  putFlags: given.map((id) => sampleFlag({ id, key: id, version: at, defaultValue: `${at}` })),
}));
const putExperiments = fc
  .tuple(experimentIds, flagIds, version)
  .map(([id, flagId, at]) => ({ putExperiments: [withOwnVariants(id, flagId, at)] }));
const putDomains = fc
  .tuple(domainIds, fc.uniqueArray(experimentIds, { maxLength: 3 }), version)
  .map(([id, members, priority]) => ({
    putDomains: [{ id, key: id, members: members.toSorted().map((experimentId) => ({ experimentId, priority })) }],
  }));
const putSegments = fc
  .tuple(segmentIds, version)
  .map(([id, at]) => ({ putSegments: [sampleSegment({ id, key: id, version: at })] }));

/** One thing, or two in one revision. What hangs together with nothing is refused as a whole. */
const changes: fc.Arbitrary<ConfigurationChange> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: putFlags },
      { weight: 3, arbitrary: putExperiments },
      { weight: 3, arbitrary: putDomains },
      { weight: 1, arbitrary: putSegments },
      { weight: 1, arbitrary: flagIds.map((id) => ({ removeFlagIds: [id] })) },
      { weight: 2, arbitrary: experimentIds.map((id) => ({ removeExperimentIds: [id] })) },
      { weight: 1, arbitrary: domainIds.map((id) => ({ removeDomainIds: [id] })) },
      { weight: 1, arbitrary: segmentIds.map((id) => ({ removeSegmentIds: [id] })) },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((some): ConfigurationChange => Object.assign({}, ...some));

function withOwnVariants(id: string, flagId: string, at: number): ReturnType<typeof sampleExperiment> {
  return sampleExperiment(flagId, { id, key: id, version: at, trafficAllocation: at });
}

describe("a configuration that is read again", () => {
  it("is what somebody reads who has never read it, after any sequence of changes", { timeout: 120_000 }, async () => {
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(changes, fc.boolean()), { minLength: 5, maxLength: 20 }), async (steps) => {
        await emptyStorage(storage);
        for (const [change, looks] of steps) {
          try {
            await apply(change);
            applied += 1;
          } catch (error) {
            if (!isLottyError(error, "database_rejected")) throw error;
          }
          if (looks) expect(await source.load(environmentId)).toStrictEqual(await readAfresh());
        }
        expect(await source.load(environmentId)).toStrictEqual(await readAfresh());
      }),
      { numRuns: 25 },
    );
    expect(applied).toBeGreaterThan(100);
  });

  it("has the very same records where nothing has changed", async () => {
    const [one, two] = [sampleFlag(), sampleFlag()];
    const experiment = sampleExperiment(one.id);
    await apply({ putFlags: [one, two], putExperiments: [experiment], putSegments: [sampleSegment()] });
    const before = await source.load(environmentId);
    expect(await source.load(environmentId)).toBe(before);
    await apply({ putFlags: [{ ...two, version: 2 }] });
    const after = await source.load(environmentId);
    const flagIn = (configuration: Configuration, id: string): unknown =>
      configuration.flags.find((flag) => flag.id === id);
    expect(flagIn(after, one.id)).toBe(flagIn(before, one.id));
    expect(flagIn(after, two.id)).toStrictEqual({ ...two, version: 2 });
    expect(after.experiments).toBe(before.experiments);
    expect(after.segments).toBe(before.segments);
    expect(after.revision).toBe(before.revision + 1);
  });

  it("loses the members of domains that go with their experiments", async () => {
    const flag = sampleFlag();
    const [staying, going] = [sampleExperiment(flag.id), sampleExperiment(flag.id)];
    const members = [staying, going].map(({ id }) => ({ experimentId: id, priority: 1 }));
    const domain = { id: "dddddddd-0000-4000-8000-000000000000", key: "checkout", members };
    await apply({ putFlags: [flag], putExperiments: [staying, going], putDomains: [domain] });
    await source.load(environmentId);
    await apply({ removeExperimentIds: [going.id] });
    await apply({ putExperiments: [going] });
    const { domains } = await source.load(environmentId);
    expect(domains).toStrictEqual([{ ...domain, members: [{ experimentId: staying.id, priority: 1 }] }]);
  });

  it.each([
    ["was restored to another past", "UPDATE change_log SET changed_at = changed_at + interval '1 second'"],
    ["has lost its log", "DELETE FROM change_log"],
    ["was set back", "UPDATE environments SET revision = revision - 1"],
    [
      "was changed by a version that keeps more",
      `UPDATE change_log SET changes = '{"put_gadgets": ["x"]}' WHERE revision = (SELECT max(revision) FROM change_log)`,
    ],
    [
      "has a log that makes no sense",
      "UPDATE change_log SET changes = '7' WHERE revision = (SELECT max(revision) FROM change_log)",
    ],
  ])("is read whole from a database that %s", async (_, statement) => {
    const flag = sampleFlag();
    await apply({ putFlags: [flag] });
    await source.load(environmentId);
    await apply({ putFlags: [{ ...flag, version: 2 }] });
    if (!statement.includes("max(revision)")) await source.load(environmentId);
    await knex.raw("UPDATE flags SET enabled = false");
    await knex.raw(statement);
    const loaded = await source.load(environmentId);
    expect(loaded).toStrictEqual(await readAfresh());
    expect(loaded.flags).toMatchObject([{ id: flag.id, enabled: false }]);
  });

  it("is read whole where more was changed than is worth telling apart", async () => {
    await apply({ putFlags: [sampleFlag()] });
    await source.load(environmentId);
    await apply({ putFlags: Array.from({ length: 1_100 }, () => sampleFlag()) });
    expect(await source.load(environmentId)).toStrictEqual(await readAfresh());
    const [flag] = (await source.load(environmentId)).flags;
    for (let round = 2; round < 205; round += 1) {
      if (flag !== undefined) await apply({ putFlags: [{ ...flag, version: round }] });
    }
    expect(await source.load(environmentId)).toStrictEqual(await readAfresh());
  });

  it("is of one moment, also when several are read at once", async () => {
    const flag = sampleFlag();
    await apply({ putFlags: [flag] });
    await source.load(environmentId);
    const loads = Array.from({ length: 20 }, async (_, index) => {
      if (index % 4 === 0) await apply({ putFlags: [{ ...flag, version: index + 2 }] }).catch(() => undefined);
      return source.load(environmentId);
    });
    await Promise.all(loads);
    expect(await source.load(environmentId)).toStrictEqual(await readAfresh());
  });
});
