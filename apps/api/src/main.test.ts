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

  it("names every setting that is wrong and exits with 3", async () => {
    const program = startProgram({ PORT: "many", LOG_LEVEL: "loud", HOST: "0.0.0.0" });
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
