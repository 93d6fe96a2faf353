import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@lotty/config";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningApi, startApi } from "./start-api.ts";
import { PASSWORD } from "./testing/people-for-test.ts";
import { urlOf } from "./welcome.ts";

const MAIN = fileURLToPath(new URL("../../../demo/main.ts", import.meta.url));

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { PORT: "0", DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD, AUTHENTICATION: "required" };
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  api = await startApi(loaded.config, new RecordingLogger());
  await api.ready;
});

afterAll(async () => {
  await api.close();
  await database.drop();
});

async function play(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(process.execPath, [MAIN, "--url", urlOf(api.address), ...args]);
  let output = "";
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const [code] = (await once(child, "close")) as unknown[];
  return { code: Number(code), output };
}

it("plays the life of an experiment through the API, and may be played again", { timeout: 120_000 }, async () => {
  for (const _ of ["first", "second"]) {
    const { code, output } = await play("--password", PASSWORD);
    expect([code, output]).toEqual([0, expect.stringContaining("Everything was as it should be.")]);
    expect(output).toMatch(
      /Visitors from Germany take part: \d+ \w+ \(experiment_assigned\), \d+ \w+ \(experiment_assigned\)/,
    );
    expect(output).not.toContain(PASSWORD);
  }
});

it("says what is wrong where it does not work", async () => {
  expect(await play("--password", "something else")).toMatchObject({
    code: 1,
    output: expect.stringContaining("admin cannot log in"),
  });
  expect(await play()).toMatchObject({ code: 2, output: expect.stringContaining("--password PASSWORD") });
});
