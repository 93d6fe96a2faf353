import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "@lotty/persistence";
import { preparePostgres } from "@lotty/test-servers/postgres";
import { prepareRedis } from "@lotty/test-servers/redis";
import type { PreparedServer } from "@lotty/test-servers/server-process";
import { Client } from "pg";
import { SILENT } from "../silent-logger.ts";

/** The servers that processes of Lotty share. */
export interface ScalingStage {
  readonly postgres: { readonly url: string; readonly pid: number };
  readonly redis: { readonly url: string; readonly pid: number };
  /** A folder that is removed in the end. */
  readonly folder: string;
  /** One row of a statement. */
  readonly query: (text: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly stop: () => Promise<void>;
}

/** Starts Postgres, with fsync and its data on disk, and Redis with its append-only file. */
export async function openScalingStage(): Promise<ScalingStage> {
  const endings: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  try {
    const postgres = await run(await preparePostgres({}, "disk"), endings);
    const redis = await run(await prepareRedis(), endings);
    const folder = mkdtempSync(join(tmpdir(), "lotty-bench-scaling-"));
    endings.push(() => rmSync(folder, { recursive: true, force: true }));
    const storage = await openPostgres({ url: postgres.url, logger: SILENT });
    try {
      await storage.migrate();
    } finally {
      await storage.close();
    }
    const client = new Client(postgres.url);
    await client.connect();
    endings.push(() => client.end());
    const query = async (text: string): Promise<Readonly<Record<string, unknown>>> =>
      (await client.query<Record<string, unknown>>(text)).rows[0] ?? {};
    return { postgres, redis, folder, query, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function run(
  server: PreparedServer,
  endings: (() => Promise<void> | void)[],
): Promise<{ readonly url: string; readonly pid: number }> {
  endings.push(() => server.remove());
  const running = await server.start();
  endings.push(() => running.stop());
  return { url: server.url, pid: running.pid };
}
