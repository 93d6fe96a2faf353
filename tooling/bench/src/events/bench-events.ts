import { type EventRecord, formatInstant } from "@lotty/domain";
import { openPostgres, type Storage } from "@lotty/persistence";
import { preparePostgres } from "@lotty/test-servers/postgres";
import { startPrepared } from "@lotty/test-servers/server-process";
import { Client } from "pg";
import { type BenchRun, figure } from "../bench.ts";
import { measureSync } from "../durable/measure-sync.ts";
import { Connection } from "../http/connection.ts";
import { post } from "../http/requests.ts";
import { type Contender, measureInRounds, medianOf, spreadOf } from "../rounds.ts";
import { type ServerProcess, startApi } from "../servers/server-processes.ts";
import { SILENT } from "../silent-logger.ts";
import { EVENT_TYPE, makeBatches } from "./make-events.ts";
import { copyPlainly } from "./plain-copies.ts";

const BATCH = 1_000;
const PLAIN = "plain COPY, 2 connections";

interface Servers {
  readonly postgres: string;
  readonly storage: Storage;
  readonly api: ServerProcess;
  readonly events: number;
  /** Rows that are missing or too many, over all rounds. */
  readonly faults: string[];
}

/** Events that are committed before the answer, over HTTP and at the recorder, beside a plain copy of such rows into a table of the same shape. */
export async function benchEvents(run: BenchRun): Promise<void> {
  const events = run.quick ? 50_000 : 500_000;
  run.print(
    `${events.toLocaleString("en")} events in batches of ${BATCH}, each batch committed to Postgres, with fsync and its data on disk, before the next one ` +
      `of its connection. One \`fdatasync\` of 8 kB takes ${(measureSync() * 1_000).toFixed(0)} µs on this disk.`,
  );
  const postgres = await startPrepared(await preparePostgres({}, "disk"));
  const storage = await openPostgres({ url: postgres.url, logger: SILENT });
  try {
    await storage.migrate();
    await prepare(postgres.url);
    const api = await startApi({ name: "API", env: { DATABASE_URL: postgres.url } });
    try {
      await compare(run, { postgres: postgres.url, storage, api, events, faults: [] });
    } finally {
      await api.stop();
    }
  } finally {
    await storage.close();
    await postgres.stop();
  }
}

async function compare(run: BenchRun, servers: Servers): Promise<void> {
  const contenders = [plain(servers), recorder(servers), http(servers, 2), http(servers, 8)];
  const measured = await measureInRounds(contenders, run.quick ? 1 : 5);
  run.table(
    ["", "median events/s", "spread", "x plain COPY"],
    measured.map((each) => [
      each.name,
      figure(each.median),
      spreadOf(each),
      (each.median / medianOf(measured, PLAIN)).toFixed(2),
    ]),
  );
  run.judge({
    what: `rows after each ${servers.events.toLocaleString("en")} events`,
    target: "equal: none lost, none doubled",
    measured: servers.faults.length === 0 ? "equal" : servers.faults.join("; "),
    met: servers.faults.length === 0,
  });
}

function plain({ events, postgres }: Servers): Contender {
  return {
    name: PLAIN,
    run: async () => {
      await empty(postgres);
      return copyPlainly(postgres, 2, makeBatches(events, BATCH));
    },
  };
}

function recorder(servers: Servers): Contender {
  const name = "recorder, 4 calls at a time";
  const { events, storage } = servers;
  return {
    name,
    run: () =>
      timed(servers, name, async () => {
        const left = makeBatches(events, BATCH).values();
        return async () => {
          const caller = async (): Promise<void> => {
            for (const batch of left) await storage.events.recorder.record(batch);
          };
          await Promise.all([caller(), caller(), caller(), caller()]);
        };
      }),
  };
}

function http(servers: Servers, connections: number): Contender {
  const name = `\`POST /v1/events\`, ${connections} connections`;
  const { api, events } = servers;
  return {
    name,
    run: () =>
      timed(servers, name, async () => {
        const left = makeBatches(events, BATCH).map(requestOf).values();
        const open = await Connection.open(api.port, connections);
        return async () => {
          await Promise.all(
            open.map(async (connection) => {
              for (const request of left) await connection.send(request);
            }),
          );
          for (const connection of open) connection.close();
        };
      }),
  };
}

/** Events per second. What is made beforehand does not count. */
async function timed(
  { events, faults, postgres }: Servers,
  name: string,
  prepared: () => Promise<() => Promise<void>>,
): Promise<number> {
  await empty(postgres);
  const work = await prepared();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1_000;
  const [row] = await query(postgres, "SELECT count(*)::int AS rows FROM events");
  if (row?.["rows"] !== events) faults.push(`${name}: ${String(row?.["rows"])} rows of ${events}`);
  return events / seconds;
}

function requestOf(batch: readonly EventRecord[]): string {
  return post("/v1/events", {
    events: batch.map((event) => ({
      event_id: event.eventId,
      event_type: event.eventType,
      subject_id: event.subjectId,
      timestamp: formatInstant(event.occurredAt),
      properties: event.properties,
      value: event.value,
    })),
  });
}

async function prepare(url: string): Promise<void> {
  await query(url, "CREATE TABLE plain_events (LIKE events INCLUDING ALL)");
  await query(
    url,
    `INSERT INTO event_types (environment_id, key, requires_exposure, version, updated_at)
     SELECT id, '${EVENT_TYPE}', false, 1, now() FROM environments`,
  );
}

async function empty(url: string): Promise<void> {
  await query(url, "TRUNCATE events, plain_events, subjects_to_fold");
  // Whoever comes next must not pay for what the one before left to be written.
  await query(url, "CHECKPOINT");
}

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
