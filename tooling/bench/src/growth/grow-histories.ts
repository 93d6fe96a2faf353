import { DEFAULT_ENVIRONMENT_ID, FULL_ALLOCATION, type ConfigurationChange } from "@lotty/domain";
import { openPostgres, type Storage } from "@lotty/persistence";
import { startPostgres } from "@lotty/test-servers/postgres";
import { Client } from "pg";
import { atMost, type BenchRun } from "../bench.ts";
import { measureInRounds, medianOf, spreadOf, type Contender } from "../rounds.ts";
import { SILENT } from "../silent-logger.ts";

const SMALLEST = 10_000;
const LOOK_UPS = 2_000;
const CONCURRENT = 32;

/** Experiments that each subject is in. */
const EXPERIMENTS = 2;

interface Filled {
  readonly assignments: number;
  readonly storage: Storage;
}

/** Looks histories up in databases with more and more assignments. */
export async function growHistories(run: BenchRun): Promise<void> {
  const sizes = run.quick ? [SMALLEST, 200_000] : [SMALLEST, 100_000, 1_000_000, 5_000_000];
  const postgres = await startPostgres();
  const databases: Filled[] = [];
  try {
    for (const assignments of sizes) databases.push(await fill(postgres.url, assignments));
    const rounds = run.quick ? 3 : 9;
    const alone = databases.map((database) => contender(database, 1));
    const together = databases.map((database) => contender(database, CONCURRENT));
    for (const each of [...alone, ...together]) await each.run();
    const single = await measureInRounds(alone, rounds);
    const concurrent = await measureInRounds(together, rounds);
    run.print("### Looking up the history of a subject, by number of assignments");
    run.table(
      ["assignments", "one at a time, µs", "spread", `${CONCURRENT} at a time, µs each`, "spread"],
      single.map((each, index) => {
        const other = concurrent[index] ?? each;
        return [each.name, each.median.toFixed(1), spreadOf(each, 1), other.median.toFixed(1), spreadOf(other, 1)];
      }),
    );
    const largest = sizes.at(-1) ?? SMALLEST;
    const growth = medianOf(single, nameOf(largest)) / medianOf(single, nameOf(SMALLEST));
    run.judge(
      atMost(growth, {
        what: `history look-up with ${nameOf(largest)} assignments`,
        bound: 1.2,
        unit: `x with ${nameOf(SMALLEST)}`,
      }),
    );
  } finally {
    for (const { storage } of databases) await storage.close();
    await postgres.stop();
  }
}

function nameOf(assignments: number): string {
  return assignments.toLocaleString("en");
}

/** Microseconds of a look-up: of random subjects, so many under way at a time. */
function contender({ assignments, storage }: Filled, atATime: number): Contender {
  const subjects = assignments / EXPERIMENTS;
  const lookUp = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 1) {
      const subject = `subject-${1 + Math.floor(Math.random() * subjects)}`;
      const history = await storage.history.load(DEFAULT_ENVIRONMENT_ID, subject);
      if (history.length !== EXPERIMENTS) throw new Error(`${subject} has ${history.length} assignments.`);
    }
  };
  return {
    name: nameOf(assignments),
    run: async () => {
      const start = performance.now();
      await Promise.all(Array.from({ length: atATime }, () => lookUp(Math.ceil(LOOK_UPS / atATime))));
      return ((performance.now() - start) * 1_000) / LOOK_UPS;
    },
  };
}

async function fill(server: string, assignments: number): Promise<Filled> {
  const name = `bench_${assignments}`;
  await query(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  const storage = await openPostgres({ url: url.href, logger: SILENT });
  await storage.migrate();
  const ids = Array.from({ length: EXPERIMENTS }, (_, index) => `8f2d104a-04ed-4d97-a2ca-f290f186214${index}`);
  await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, experimentsWith(ids), 0);
  for (const id of ids) {
    await query(
      url.href,
      `INSERT INTO assignments (environment_id, subject_id, experiment_id, variant_id, first_decided_at, last_decided_at)
       SELECT '${DEFAULT_ENVIRONMENT_ID}', 'subject-' || n, '${id}', '${id}', now(), now()
       FROM generate_series(1, ${assignments / EXPERIMENTS}) AS n`,
    );
  }
  await query(url.href, "VACUUM ANALYZE assignments");
  return { assignments, storage };
}

/** Experiments that assignments can refer to. */
function experimentsWith(ids: readonly string[]): ConfigurationChange {
  const at = { version: 1, updatedAt: 0 };
  return {
    putFlags: ids.map((id, index) => ({
      ...at,
      id,
      key: `flag-${index}`,
      valueType: "boolean",
      defaultValue: false,
      enabled: true,
      rules: [],
    })),
    putExperiments: ids.map((id, index) => ({
      ...at,
      id,
      key: `experiment-${index}`,
      flagId: id,
      status: "running",
      targetingRules: null,
      trafficAllocation: FULL_ALLOCATION,
      variants: [],
      hashVersion: 1,
      stickyAssignment: false,
    })),
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
