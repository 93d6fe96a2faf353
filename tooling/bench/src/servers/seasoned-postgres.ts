import { preparePostgres } from "@lotty/test-servers/postgres";
import { type RunningServer, startPrepared } from "@lotty/test-servers/server-process";
import { Client } from "pg";

/** How much of the write-ahead log a benchmark may write before a file of it has to be made. */
const LOG_FILES = 128;
const LOG_SIZE = "2GB";

/**
 * Starts a Postgres that keeps its data on disk, as one that has run for a while: it has log files to write over. A young one makes a
 * file of 16 MB and forces it to the disk for every ten thousand decisions, and all commits wait meanwhile (50 to 80 ms here).
 */
export async function startSeasonedPostgres(): Promise<RunningServer> {
  const settings = { min_wal_size: LOG_SIZE, max_wal_size: LOG_SIZE };
  const postgres = await startPrepared(await preparePostgres(settings, "disk"));
  const client = new Client(postgres.url);
  await client.connect();
  try {
    for (let file = 0; file < LOG_FILES; file += 1) {
      // A file is only changed for the next one when something was written.
      await client.query("SELECT pg_logical_emit_message(false, 'bench', 'season'), pg_switch_wal()");
    }
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
  return postgres;
}
