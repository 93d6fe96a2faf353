import { Client } from "pg";
import { atLeast, atMost, type BenchRun } from "../bench.ts";
import { race, RACE_COLUMNS, raceRows, type Racer, type RaceResult } from "../http/race.ts";
import { assigningRequest } from "../http/requests.ts";
import { medianOf } from "../rounds.ts";
import { startApis, startBareExpress, type ServerProcess } from "../servers/server-processes.ts";
import { isInstalled } from "../peers/peer-packages.ts";
import { startUnleash, unleashRequest } from "../peers/unleash.ts";
import { startSeasonedPostgres } from "../servers/seasoned-postgres.ts";
import { measureSync } from "./measure-sync.ts";

const LOTTY = "Lotty, durable";
const EXPRESS = "Express default";
const UNLEASH = "Unleash, no record";

/**
 * Decisions over HTTP of which each one assigns a new subject and is committed before it is answered, beside an Express app
 * that does nothing, and beside Unleash's evaluation, which records nothing.
 */
export async function benchDurable(run: BenchRun): Promise<void> {
  run.print(
    "`POST /v1/decide`: every decision assigns a subject that was never seen and is committed to Postgres, with fsync and its " +
      `data on disk, before the answer. One \`fdatasync\` of 8 kB takes ${(measureSync() * 1_000).toFixed(0)} µs on this disk.`,
  );
  const postgres = await startSeasonedPostgres();
  const servers: ServerProcess[] = [];
  try {
    servers.push(await startBareExpress("default"));
    const [own, ...others] = await startApis({ name: LOTTY, env: { DATABASE_URL: postgres.url } });
    if (own === undefined) throw new Error("The API did not start.");
    servers.push(own, ...others);
    if (isInstalled("unleash")) servers.push(await startUnleash(UNLEASH));
    for (const connections of [64, 256]) await compare(run, { servers, connections, postgres: postgres.url });
  } finally {
    for (const server of servers) await server.stop();
    await postgres.stop();
  }
}

interface Comparison {
  readonly servers: readonly ServerProcess[];
  readonly connections: number;
  readonly postgres: string;
}

async function compare(run: BenchRun, { connections, postgres, servers }: Comparison): Promise<void> {
  const options = { connections, rounds: run.quick ? 3 : 9, seconds: run.quick ? 1 : 2 };
  const before = await countRows(postgres);
  const racers = servers.map((server): Racer => ({
    server,
    request: server.name === UNLEASH ? unleashRequest : assigningRequest,
  }));
  const results = await race(racers, options);
  run.print(`${connections} connections, ${options.rounds} rounds of ${options.seconds} s:`);
  run.table([...RACE_COLUMNS, "x default Express"], raceRows(results, EXPRESS));
  judge(run, results, connections);

  const answered = results.filter(({ name }) => name.startsWith(LOTTY)).reduce((sum, { answers }) => sum + answers, 0);
  const after = await countRows(postgres);
  const decisions = after.decisions - before.decisions;
  const assignments = after.assignments - before.assignments;
  run.judge({
    what: `answered decisions and rows, ${connections} connections`,
    target: "equal: none lost, none doubled",
    measured: `${answered} answered, ${decisions} decisions, ${assignments} assignments`,
    met: answered === decisions && answered === assignments,
  });
}

function judge(run: BenchRun, results: readonly RaceResult[], connections: number): void {
  const [lotty, express] = [LOTTY, EXPRESS].map((name) => results.find((each) => each.name === name));
  if (lotty === undefined || express === undefined) throw new Error("A racer is missing.");
  run.judge(
    atLeast(lotty.median / express.median, {
      what: `rate of durable decisions, ${connections} connections`,
      bound: 1,
      unit: "x default Express",
    }),
  );
  run.judge(
    atMost(lotty.p99AtHalf / express.p99AtHalf, {
      what: `p99 at half of the highest rate, durable, ${connections} connections`,
      bound: 3,
      unit: "x default Express",
    }),
  );
  if (!results.some(({ name }) => name === UNLEASH)) {
    run.print("Unleash is not installed here, so it was not measured: `pnpm bench peers` installs it.");
    return;
  }
  run.judge(
    atLeast(lotty.median / medianOf(results, UNLEASH), {
      what: `rate of durable decisions, ${connections} connections`,
      bound: 5,
      unit: "x Unleash's evaluation",
    }),
  );
}

async function countRows(url: string): Promise<{ readonly decisions: number; readonly assignments: number }> {
  const client = new Client(url);
  await client.connect();
  try {
    const counting =
      "SELECT (SELECT count(*) FROM decisions) AS decisions, (SELECT count(*) FROM assignments) AS assignments";
    const { rows } = await client.query<{ decisions: string; assignments: string }>(counting);
    return { decisions: Number(rows[0]?.decisions), assignments: Number(rows[0]?.assignments) };
  } finally {
    await client.end();
  }
}
