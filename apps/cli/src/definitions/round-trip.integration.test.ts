import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand as commitCommand, ValueSchemas } from "@lotty/control-plane";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localActor } from "../people/local-actor.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { capturedTerminal, type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

type Environment = Readonly<Record<string, string>>;

/** Everything that a file can say, in the order of an export. */
const FILE = `segments:
  staff: email ENDS_WITH "@example.com"
event_types:
  - key: purchase
    description: Paid
    schema:
      type: object
      required:
        - currency
    requires_exposure: true
  - key: visit
    archived: true
metrics:
  - key: orders
    name: Orders
    description: Whether somebody buys
    owner: team web
    tags:
      - money
      - shop
    kind: conversion
    numerator:
      event_type: purchase
      filter: currency == "EUR"
    window_hours: 72
    covariate_days: 14
    practical_threshold: 0.01
  - key: revenue
    kind: ratio
    numerator:
      event_type: purchase
      value_property: amount
    denominator:
      event_type: exposure
    winsorizing:
      upper: 0.999
      ignore_zeros: true
    higher_is_better: false
    archived: true
flags:
  - key: colour
    type: string
    default: green
    rules:
      - id: 0b9e43a1-0000-4000-8000-000000000001
        if: IN SEGMENT "staff"
        value: gold
        rollout: 12.50
    description: |
      What the button looks like
      on every page
    owner: team web
    tags:
      - shop
      - web
    schema:
      enum:
        - grey
        - green
        - gold
  - key: old
    type: boolean
    default: false
    enabled: false
    archived: true
experiments:
  - key: green-button
    flag: colour
    status: completed
    targeting: country IN ["DE", "AT"]
    traffic: 80.00
    sticky: false
    variants:
      - name: control
        value: grey
        weight: 50.00
        control: true
      - name: green
        value: green
        weight: 50.00
    hypothesis: "Green: people press it more"
    owner: eve
    planned_days: 14
    started: "2026-05-01T12:00:00Z"
    completed: "2026-05-15T12:00:00.000001Z"
    outcome:
      kind: rollout_winner
      variant: green
      comment: 12 % more
    plan:
      primary:
        - orders
      guardrails:
        - metric: revenue
          margin: 0.02
      alpha: 0.05
      power: 0.8
      minimum_effect: 0.03
      duration_days: 14
      minimum_subjects: 100
      looking: fixed
      correction: holm
      correction_scope: primary
      segments:
        - country
  - key: next
    flag: colour
    status: draft
    traffic: 1.00
    sticky: true
    variants: []
    description: Not yet
    guardrails:
      - metric: orders
        action: notify
        margin: 0.02
        alpha: 0.05
        minimum_subjects: 100
        tuned_for: 5000
      - metric: orders
        action: pause
        margin: 0.05
        alpha: 0.01
        minimum_subjects: 50
        tuned_for: 5000
        population: assigned
    ramp:
      steps:
        - traffic: 1.00
          hold_hours: 24
        - traffic: 100.00
      held: true
domains:
  - key: page
    members:
      - experiment: next
        priority: 10
      - experiment: green-button
        priority: 3
approver_groups:
  - name: shop
    experimenters:
      - eve
    approvers:
      - ann
      - bob
    minimum: 2
notification_rules:
  - name: alarms
    webhooks:
      - chat
    kinds:
      - guardrail.fired
    experiments:
      - next
    tags:
      - shop
    digest_minutes: 30
    max_per_hour: 6
`;

let directory = "";
let api: RunningApi | undefined;
let served: Environment = {};
const databases: Awaited<ReturnType<typeof createTestDatabase>>[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-round-trip-"));
  await writeFile(join(directory, "lotty.yaml"), FILE);
  databases.push(...(await Promise.all([createTestDatabase(), createTestDatabase()])));
});
afterAll(async () => {
  await api?.stop();
  await Promise.all(databases.map((database) => database.drop()));
  await rm(directory, { recursive: true, force: true });
});

const postgres = (): Environment => ({ DATABASE_URL: databases[0]?.url ?? "" });
const embedded = (): Environment => ({ LOTTY_DATA_DIR: join(directory, "data") });

async function addPeople(env: Environment): Promise<void> {
  for (const name of ["ann", "bob", "eve"]) {
    await runCommand(["user", "add", name], { env, input: "correct horse battery" });
  }
}

/** Webhooks have to be there before a file names them. */
async function addWebhook(env: Environment): Promise<void> {
  const { terminal } = capturedTerminal({ env });
  await withRuntime(terminal, async ({ clock, config, ids, storage }, environmentId) => {
    const ports = { ...storage.control, clock, ids, schemas: new ValueSchemas(), settings: config.control };
    const command = { environmentId, actor: localActor(), permission: "webhook.edit" } as const;
    const added = await commitCommand(ports, command, ({ now }) => {
      const webhook = { ...CHAT, id: ids.next(now), updatedAt: now };
      const entity = { kind: "webhook", id: webhook.id, key: webhook.name } as const;
      return {
        status: "planned",
        change: { notifications: { putWebhooks: [webhook] } },
        audit: [{ action: "webhook.create", entity, before: null, after: null }],
        result: null,
      };
    });
    expect(added.status).toBe("done");
  });
}

const CHAT = {
  name: "chat",
  format: "slack",
  shownUrl: "https://chat.example.com/…",
  sealedSecret: "plain.e30",
  previousSecretUntil: null,
  disabled: false,
  disabledReason: null,
  version: 1,
} as const;

function lotty(args: readonly string[], env: Environment, options: readonly string[] = []): Promise<CommandResult> {
  return runCommand([...args, ...options], { env });
}

describe("definitions files", { timeout: 180_000 }, () => {
  it.each([
    ["Postgres", postgres],
    ["an embedded database", embedded],
  ])("make %s what they say, on record, and come back byte by byte", async (_name, envNow) => {
    const env = envNow();
    if ("DATABASE_URL" in env) await lotty(["migrate"], env);
    await addPeople(env);
    const missing = await lotty(["apply", join(directory, "lotty.yaml")], env);
    expect(missing).toMatchObject({ code: 3, talk: expect.stringContaining("lotty webhook add chat") });
    await addWebhook(env);
    const applied = await lotty(["apply", join(directory, "lotty.yaml")], env);
    expect(applied).toMatchObject({
      code: 0,
      talk: expect.stringMatching(/Applied 15 differences to .*; revision \d+\./),
    });
    expect((await lotty(["export"], env)).out).toBe(FILE);
    expect((await lotty(["apply", join(directory, "lotty.yaml")], env)).out).toBe("Nothing to change.\n");
    const { out } = await lotty(["audit", "list", "--action", "experiment.apply", "--json"], env);
    expect(JSON.parse(out)).toMatchObject({
      entries: [
        { entity_key: "next", actor_kind: "system", from: "lotty", before: null },
        { entity_key: "green-button", after: { details: { hypothesis: "Green: people press it more" } } },
      ],
    });
    expect((await lotty(["audit", "verify"], env)).code).toBe(0);
  });

  it("go from one installation through an API into another, and come back byte by byte", async () => {
    const there = { DATABASE_URL: databases[1]?.url ?? "" };
    await lotty(["migrate"], there);
    await addPeople(there);
    await addWebhook(there);
    const make = ["key", "make", "Pipeline", "--scope", "read", "--scope", "manage", "--role", "admin"];
    const key = (await lotty(make, there)).out.trim();
    api = await runApi(there);
    served = { LOTTY_KEY: key };
    const through = ["--url", api.url];
    const json = (await lotty(["export", "--json"], postgres())).out;
    await writeFile(join(directory, "lotty.json"), json);
    const dry = await lotty(["apply", join(directory, "lotty.json"), "--dry-run"], served, through);
    expect(dry).toMatchObject({ code: 1, out: expect.stringContaining("+ approver group shop") });
    const applied = await lotty(["apply", join(directory, "lotty.json"), "--json"], served, through);
    expect(JSON.parse(applied.out)).toMatchObject({ applied: true, differences: { length: 15 } });
    expect((await lotty(["export"], served, through)).out).toBe(FILE);
    expect((await lotty(["export", "--json"], served, through)).out).toBe(json);
  });

  it("are refused where nobody is called as they say, and where a schema does not allow a value", async () => {
    await writeFile(join(directory, "zoe.yaml"), FILE.replace("- bob", "- zoe"));
    const unknown = await lotty(["apply", join(directory, "zoe.yaml")], postgres());
    expect(unknown).toMatchObject({ code: 3, talk: expect.stringContaining("nobody is called `zoe`") });
    await writeFile(join(directory, "red.yaml"), FILE.replace("default: green", "default: red"));
    const wrong = await lotty(["apply", join(directory, "red.yaml")], postgres());
    expect(wrong).toMatchObject({ code: 3, talk: expect.stringContaining("field: flags.colour.default") });
  });
});
