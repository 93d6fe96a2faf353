import { createServer } from "node:http";
import { userInfo } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../testing/captured-terminal.ts";
import { type RunningApi, runApi } from "../testing/running-api.ts";

/** Takes messages to webhooks, and answers as well as it can. */
const receiver = createServer((_request, response) => void response.end("thanks"));
let database: Awaited<ReturnType<typeof createTestDatabase>> | undefined;
let api: RunningApi | undefined;
let key = "";
let address = "";

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url };
  await runCommand(["migrate"], { env });
  await runCommand(["user", "add", "ann", "--role", "approver"], { env, input: "correct horse battery" });
  const make = ["key", "make", userInfo().username, "--scope", "read", "--scope", "manage", "--role", "admin"];
  key = (await runCommand(make, { env })).out.trim();
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  const bound = receiver.address();
  address = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}/secret-part`;
  api = await runApi({ ...env, WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8" });
}, 120_000);

afterAll(async () => {
  await api?.stop();
  receiver.close();
  await database?.drop();
});

function run(...args: readonly string[]): Promise<CommandResult> {
  return runCommand([...args, "--url", api?.url ?? ""], { env: { LOTTY_KEY: key }, input: `${address}\n` });
}

// One story: each step rests on the ones before it.
describe("notifications at the command line", { timeout: 60_000 }, () => {
  it("adds a webhook whose address nobody sees, and prints its secret once", async () => {
    const made = await run("webhook", "add", "chat");
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^whsec_\S+\n$/) });
    expect(made.talk).toContain("shown only now");
    const listed = await run("webhook", "list");
    expect(listed.out).toMatch(/^chat +standard +1 +http:\/\/127\.0\.0\.1\S* +on$/m);
    expect(listed.out).not.toMatch(/secret-part|whsec/);
    const rotated = await run("webhook", "rotate", "chat", "--json");
    expect(JSON.parse(rotated.out)).toMatchObject({ name: "chat", version: 2, secret: expect.any(String) });
    expect(rotated.out).not.toContain(made.out.trim());
    expect((await run("webhook", "add", "chat", "--format", "slack")).code).toBe(3);
  });

  it("switches it off and on", async () => {
    expect((await run("webhook", "disable", "chat")).out).toMatch(/^chat .* off: /m);
    expect((await run("webhook", "enable", "chat", "--version", "1")).talk).toContain("refused [version_mismatch]");
    expect((await run("webhook", "enable", "chat", "--version", "3")).out).toMatch(/^chat +standard +4 .* on$/m);
    expect((await run("webhook", "disable", "nobody")).talk).toContain("lotty webhook list");
  });

  it("changes its name, what is sent and its address, which nobody sees", async () => {
    const edited = await run("webhook", "edit", "chat", "--rename", "talk", "--format", "slack");
    expect(edited.out).toMatch(/^talk +slack +5 .* on$/m);
    expect((await run("webhook", "edit", "talk", "--address")).talk).toContain("[nothing_changed]");
    const moved = await runCommand(["webhook", "edit", "talk", "--address", "--url", api?.url ?? ""], {
      env: { LOTTY_KEY: key },
      input: `${address}/elsewhere\n`,
    });
    expect(moved).toMatchObject({ code: 0, out: expect.not.stringContaining("elsewhere") });
    const back = ["webhook", "edit", "talk", "--address", "--rename", "chat", "--format", "standard"];
    expect((await run(...back)).out).toMatch(/^chat +standard +7 .* on$/m);
  });

  it("sends a message, tells what came of it, and sends it again", async () => {
    expect((await run("webhook", "test", "chat")).out).toMatch(/^[\da-f-]{36} to chat: pending, due /);
    const id = await delivered();
    const shown = await run("delivery", "show", id);
    expect(shown.out).toMatch(/to chat: delivered\nwebhook-id \S+\n {2}\S+ {2}\d+ ms {2}200: thanks\n$/);
    const again = await run("delivery", "replay", id, "--json");
    expect(JSON.parse(again.out)).toMatchObject({ replay_of: id, status: "pending" });
    expect((await run("delivery", "list", "--limit", "1")).out).not.toContain(id);
    expect((await run("delivery", "list", "--webhook", "chat", "--status", "failed", "--json")).out).toBe(
      '{"deliveries":[]}\n',
    );
    expect((await run("delivery", "show", "01a203d3-6d24-7000-8000-00000000ffff")).code).toBe(3);
  });

  it("keeps rules of what is told where", async () => {
    await run("flag", "create", "banner", "--type", "boolean", "--default", "false");
    await run("experiment", "create", "summer", "--flag", "banner");
    const made = await run("notification-rule", "create", "alarms", "--webhook", "chat", "--kind", "guardrail.fired");
    expect(made.out).toMatch(/^alarms +on +1 +guardrail\.fired +all +chat +at once$/m);
    const about = ["--experiment", "summer", "--tag", "web", "--digest", "30", "--max-per-hour", "6", "--no-kind"];
    const edited = await run("notification-rule", "edit", "alarms", ...about);
    expect(edited.talk).toBe("Changing version 1 of alarms.\n");
    expect(edited.out).toMatch(
      /^alarms +on +2 +everything +summer tag:web +chat +together every 30 min, at most 6 an hour$/m,
    );
    const plain = ["--no-experiment", "--no-tag", "--no-digest", "--no-max-per-hour"];
    expect((await run("notification-rule", "edit", "alarms", ...plain)).out).toMatch(
      /everything +all +chat +at once$/m,
    );
    expect((await run("notification-rule", "edit", "alarms", "--rename", "alerts")).out).toMatch(/^alerts +on +4 /m);
    expect((await run("notification-rule", "edit", "alerts", "--rename", "alarms")).code).toBe(0);
    expect((await run("notification-rule", "disable", "alarms")).out).toMatch(/^alarms +off +6 /m);
    expect((await run("notification-rule", "list")).out).toMatch(/^alarms +off /m);
    expect((await run("notification-rule", "enable", "alarms", "--version", "5")).talk).toContain("[version_mismatch]");
    expect((await run("notification-rule", "remove", "alarms")).talk).toBe("Removed.\n");
    expect((await run("webhook", "remove", "chat", "--json")).out).toBe('{"removed":"chat"}\n');
  });

  it("says that it needs a running API", async () => {
    for (const name of ["webhook", "notification-rule", "delivery"]) {
      const { code, talk } = await runCommand([name, "list"], { env: {} });
      expect([code, talk]).toEqual([3, expect.stringContaining("this needs a running API")]);
    }
  });
});

/** Waits until a message has arrived, and tells the id of its delivery. */
async function delivered(): Promise<string> {
  for (;;) {
    const { out } = await run("delivery", "list", "--status", "delivered");
    const id = /^([\da-f-]{36}) .* chat +delivered +1 +200$/m.exec(out)?.[1];
    if (id !== undefined) return id;
    await wait(250);
  }
}
