import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "../testing/captured-terminal.ts";

let directory: string;
let env: Record<string, string>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-cli-events-"));
  env = { LOTTY_DATA_DIR: join(directory, "data"), LOTTY_CONFIG_DIR: join(directory, "config") };
});
afterAll(() => rm(directory, { recursive: true }));

it("makes event types, sends a file of events, twice without harm, and lists those of a subject", async () => {
  const schema = JSON.stringify({ type: "object", required: ["currency"] });
  const made = await runCommand(["event-type", "create", "purchase", "--schema", schema, "--json"], { env });
  expect(JSON.parse(made.out)).toMatchObject({ key: "purchase", version: 1 });
  await runCommand(["event-type", "create", "refund"], { env });
  await runCommand(["event-type", "edit", "refund", "--requires-exposure"], { env });
  const listed = await runCommand(["event-type", "list", "--json"], { env });
  expect(JSON.parse(listed.out)).toMatchObject({
    event_types: [{ key: "exposure" }, { key: "purchase" }, { key: "refund", requires_exposure: true, version: 2 }],
  });

  const timestamp = new Date().toISOString();
  const event = {
    event_id: "o1",
    event_type: "purchase",
    subject_id: "ada",
    timestamp,
    value: 3,
    properties: { currency: "EUR" },
  };
  const file = join(directory, "events.ndjson");
  await writeFile(file, `${JSON.stringify(event)}\n${JSON.stringify({ ...event, event_id: "o2", properties: {} })}\n`);
  const sent = await runCommand(["event", "send", file, "--json"], { env });
  expect(JSON.parse(sent.out)).toMatchObject({ accepted: 1, duplicates: 0, rejected: 1, last_line: 2 });
  expect(sent.talk).toContain("line 2: invalid_properties");
  expect(sent.code).toBe(1);
  const again = await runCommand(["event", "send", file], { env });
  expect(again.talk).toContain("0 accepted, 1 duplicates, 1 rejected.");

  const found = await runCommand(["event", "list", "--subject", "ada", "--json"], { env });
  expect(JSON.parse(found.out)).toMatchObject({ events: [{ event_id: "o1", value: 3 }] });
  await runCommand(["event-type", "archive", "purchase"], { env });
  const refused = await runCommand(["event", "send", file], { env });
  expect(refused.talk).toContain("line 1: archived_event_type");
}, 120_000);
