import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

const shutdownModule = new URL("./shutdown.ts", import.meta.url).href;

/** A process with one step that takes a moment, which would live on for ever without a signal. */
const PROGRAM = `
  import { Shutdown } from ${JSON.stringify(shutdownModule)};
  const write = (event) => process.stdout.write(event + "\\n");
  const logger = { debug: write, info: write, warn: write, error: write };
  const shutdown = new Shutdown({ logger, graceSeconds: 5 });
  shutdown.install();
  shutdown.onShutdown("work", () => new Promise((resolve) => setTimeout(resolve, 50)));
  setInterval(() => {}, 1_000);
  write("ready");
`;

it.each(["SIGTERM", "SIGINT"] as const)("a real process finishes its steps on %s and exits with 0", async (signal) => {
  const args = ["--conditions=@lotty/source", "--input-type=module", "--eval", PROGRAM];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output === "ready\n") child.kill(signal);
  });
  const [code] = (await once(child, "close")) as [code: number | null, signal: string | null];
  expect(output).toBe("ready\nshutdown_started\nshutdown_finished\n");
  expect(code).toBe(0);
});
