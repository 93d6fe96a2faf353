import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_FILE } from "./testing/demo-file.ts";
import { Program } from "./testing/program.ts";
import { runCurl } from "./testing/run-curl.ts";

const WELCOME = /Only this machine can connect.*\n/;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-api-"));
  await writeFile(join(directory, "demo.yaml"), DEMO_FILE);
});

afterAll(() => rm(directory, { recursive: true }));

function startProgram(env: Readonly<Record<string, string>>): Program {
  return new Program({ LOTTY_DEMO: join(directory, "demo.yaml"), ...env });
}

describe("the program", { timeout: 120_000 }, () => {
  it("loads the demo, suggests a line that works as pasted, and ends in good order on SIGTERM", async () => {
    const program = startProgram({});
    const output = await program.says(WELCOME);
    const line = /^ +(curl .*)$/m.exec(output)?.[1] ?? "";
    expect(JSON.parse((await runCurl(line)).text)).toMatchObject({
      flag: "checkout",
      reason: "experiment_assigned",
      durability: "committed",
    });
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
    expect(program.output).toContain("shutdown_finished");
  });

  it("tells the password of the first admin once, and not in the log", async () => {
    const program = startProgram({ AUTHENTICATION: "required" });
    const output = await program.says(WELCOME);
    const password = /^The first admin is admin, with the password {2}(\w{24})$/m.exec(output)?.[1] ?? "";
    const url = /at (http:\S+)\. Try/.exec(output)?.[1] ?? "";
    const body = JSON.stringify({ name: "admin", password });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${url}/v1/session`, { method: "POST", headers, body })).status).toBe(200);
    expect((await fetch(`${url}/v1/decide`, { method: "POST", headers, body: "{}" })).status).toBe(401);
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
    expect(program.output.split(password)).toHaveLength(2);
    expect(program.output.split("\n").filter((line) => line.startsWith("{") && line.includes(password))).toEqual([]);
  });

  it("listens beyond this machine, where everybody needs a key, with the password that was chosen", async () => {
    const program = startProgram({ HOST: "0.0.0.0", ADMIN_PASSWORD: "correct horse battery" });
    const output = await program.says(/Callers need a key or a session.*\n/);
    expect(output).toContain("with the password from ADMIN_PASSWORD");
    const port = /at http:\S+:(\d+)\. Try/.exec(output)?.[1] ?? "";
    const url = `http://127.0.0.1:${port}`;
    for (const path of ["/v1/session", "/metrics"]) expect((await fetch(url + path)).status).toBe(401);
    const login = await fetch(`${url}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "admin", password: "correct horse battery" }),
    });
    expect(login.headers.get("set-cookie")).toMatch(/^__Host-lotty_session=.*; Secure$/);
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
    expect(program.output).not.toContain("horse");
  });

  it("refuses a password of the first admin that everybody would try", async () => {
    const program = startProgram({ ADMIN_PASSWORD: "changemechangeme", HOST: "0.0.0.0" });
    expect(await program.ended()).toBe(3);
    expect(program.output).toContain("ADMIN_PASSWORD: ");
    expect(program.output).not.toContain("changeme");
  });

  it("names every setting that is wrong and exits with 3", async () => {
    const program = startProgram({ PORT: "many", LOG_LEVEL: "loud", HOST: "no host" });
    expect(await program.ended()).toBe(3);
    for (const setting of ["PORT", "LOG_LEVEL", "HOST"]) expect(program.output).toContain(`${setting}: `);
  });

  it("says that a port is taken, and what to do, and exits with 4", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const program = startProgram({ PORT: port });
    expect(await program.ended()).toBe(4);
    expect(program.output).toContain(`port ${port} on 127.0.0.1 is taken`);
    expect(program.output).toContain("choose another port");
    expect(program.output).not.toMatch(/^\s+at /m);
    other.close();
  });

  it("keeps its data, and says which process has them when a second one comes", async () => {
    const data = { LOTTY_DATA_DIR: join(directory, "data") };
    const first = startProgram(data);
    await first.says(WELCOME);
    const second = startProgram(data);
    expect(await second.ended()).toBe(4);
    expect(second.output).toMatch(/Process \d+ works on this data directory/);
    first.signal("SIGINT");
    expect(await first.ended()).toBe(0);
    const third = startProgram({ ...data, LOTTY_DEMO: join(directory, "gone.yaml") });
    expect(await third.says(WELCOME)).toContain('"flag":"checkout"');
    third.signal("SIGTERM");
    expect(await third.ended()).toBe(0);
  });

  it("ends in good order when told to in the middle of its start", async () => {
    const program = startProgram({ SHUTDOWN_GRACE_SECONDS: "60" });
    await program.says(/api_listening/);
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
    expect(program.output).not.toContain("could not start");
  });
});
