import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DEMO_FILE } from "./testing/demo-file.ts";
import { Program } from "./testing/program.ts";
import { RotatingClient } from "./testing/rotating-client.ts";

const CONNECTIONS_EACH = 4;
const WORKERS = 8;

let directory: string;
let database: TestDatabase;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-api-"));
  await writeFile(join(directory, "demo.yaml"), DEMO_FILE);
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

function programOn(port: number): Program {
  return new Program({
    PORT: String(port),
    DATABASE_URL: database.url,
    LOTTY_DEMO: join(directory, "demo.yaml"),
    SHUTDOWN_DELAY_SECONDS: "1",
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

it("restarts one of two processes under load without a failed request or a broken connection", async () => {
  const [one, other] = [await freePort(), await freePort()];
  const staying = programOn(one);
  let restarting = programOn(other);
  const client = new RotatingClient([one, other], CONNECTIONS_EACH);
  await client.start(WORKERS);
  for (let round = 1; round <= 2; round += 1) {
    const before = client.answeredBy(other);
    await expect.poll(() => client.answeredBy(other), { timeout: 20_000 }).toBeGreaterThan(before + 200);
    restarting.signal("SIGTERM");
    expect(await restarting.ended()).toBe(0);
    expect(client.isReady(other)).toBe(false);
    restarting = programOn(other);
    await expect.poll(() => client.isReady(other), { timeout: 20_000 }).toBe(true);
  }
  const after = client.answeredBy(other);
  await expect.poll(() => client.answeredBy(other), { timeout: 20_000 }).toBeGreaterThan(after + 200);
  await client.stop();
  for (const program of [staying, restarting]) program.signal("SIGTERM");
  expect([await staying.ended(), await restarting.ended()]).toEqual([0, 0]);
  process.stdout.write(
    `rolling restart: ${client.answeredBy(one)} + ${client.answeredBy(other)} answers, ${client.failures.length} failures\n`,
  );
  expect(client.failures).toEqual([]);
}, 120_000);
