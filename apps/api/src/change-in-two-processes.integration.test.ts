import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PASSWORD } from "./testing/people-for-test.ts";
import { logInForTest, type PersonForTest } from "./testing/person-for-test.ts";
import { Program } from "./testing/program.ts";

const CHANGES = 100;

/** Longest that a change may take to reach another process, in milliseconds. */
const LIMIT_MILLIS = 1_000;

let database: TestDatabase;
let programs: readonly Program[];
let admin: PersonForTest;
let there = "";

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD };
  programs = [new Program(env), new Program(env)];
  const [here = "", other = ""] = await Promise.all(programs.map((program) => program.url()));
  there = other;
  admin = await logInForTest(here, { id: "", name: "admin" });
}, 120_000);

afterAll(async () => {
  for (const program of programs) program.signal("SIGTERM");
  await Promise.all(programs.map((program) => program.ended()));
  await database.drop();
});

async function valueThere(): Promise<unknown> {
  const response = await fetch(`${there}/v1/decide`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flag: "banner", subject_id: "ada" }),
  });
  const { value } = (await response.json()) as { readonly value?: unknown };
  return value;
}

/** Milliseconds until the other process decides by a value, from when its change was answered. */
async function millisUntil(value: string): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < 10 * LIMIT_MILLIS) if ((await valueThere()) === value) break;
  return performance.now() - start;
}

it("decides by a change that another process has made within a second", { timeout: 300_000 }, async () => {
  const flag = { key: "banner", type: "string", default: "value 0", owner: "team web" };
  const made = await admin.ask("POST", "/v1/flags", { body: flag });
  const { id } = made.body as { readonly id: string };
  const taken = [await millisUntil("value 0")];
  for (let change = 1; change < CHANGES; change += 1) {
    const value = `value ${change}`;
    const changed = await admin.ask("PATCH", `/v1/flags/${id}`, { body: { default: value }, ifMatch: change });
    expect(changed.status).toBe(200);
    taken.push(await millisUntil(value));
  }
  taken.sort((one, other) => one - other);
  const [median = Number.NaN, worst = Number.NaN] = [taken[CHANGES / 2], taken.at(-1)];
  const figures = `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`;
  process.stdout.write(`${CHANGES} changes seen by decide in a second process: ${figures}\n`);
  expect(worst).toBeLessThan(LIMIT_MILLIS);
});
