import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { provideTestServers } from "./provide-test-servers.ts";

const postgresGiven = { ...process.env, LOTTY_TEST_POSTGRES_URL: "postgres://given", LOTTY_TEST_REDIS_URL: "" };

async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test("starts nothing when both servers are given", async () => {
  const servers = await provideTestServers({ ...postgresGiven, LOTTY_TEST_REDIS_URL: "redis://given" });
  expect(servers.env).toEqual({});
  await servers.stop();
});

test("starts the server that is missing, and ends it", async () => {
  const servers = await provideTestServers(postgresGiven);
  expect(Object.keys(servers.env)).toEqual(["LOTTY_TEST_REDIS_URL"]);
  const url = servers.env["LOTTY_TEST_REDIS_URL"] ?? "";
  expect(await listens(url)).toBe(true);
  await servers.stop();
  expect(await listens(url)).toBe(false);
});

test("says how to get a server that is nowhere to be found", async () => {
  await expect(provideTestServers({ ...postgresGiven, PATH: "/nowhere" })).rejects.toThrow(
    /No Redis for the tests: none in PATH.*Install Redis 7 or newer, or set LOTTY_TEST_REDIS_URL/,
  );
});

test("the servers end with whoever asked for them, even when that is killed", async () => {
  const module = JSON.stringify(new URL("provide-test-servers.ts", import.meta.url).href);
  const code = `const { provideTestServers } = await import(${module});
    console.log((await provideTestServers()).env.LOTTY_TEST_REDIS_URL);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
    env: postgresGiven,
  });
  const printed: unknown[] = await once(createInterface({ input: starter.stdout }), "line");
  const url = String(printed[0]);
  expect(await listens(url)).toBe(true);
  starter.kill("SIGKILL");
  for (let attempt = 0; attempt < 100 && (await listens(url)); attempt += 1) await sleep(50);
  expect(await listens(url)).toBe(false);
});
