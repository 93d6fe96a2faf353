import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../api/src/main.ts", import.meta.url));

const POLL_MILLIS = 100;

/** An API as a process of its own. */
export interface RunningApi {
  /** Where it listens. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts an API on any free port, and waits until it is ready. */
export async function runApi(env: Readonly<Record<string, string>>): Promise<RunningApi> {
  const child = spawn(process.execPath, ["--conditions=@lotty/source", MAIN], {
    env: { PORT: "0", LOG_FORMAT: "json", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await listening(child);
  while (!(await fetch(`${url}/readyz`).then(({ ok }) => ok))) await wait(POLL_MILLIS);
  return {
    url,
    stop: async () => {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  let output = "";
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  for (;;) {
    const port = /"api_listening".*?"port":(\d+)|"port":(\d+).*?"api_listening"/.exec(output)?.slice(1).find(Boolean);
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    if (child.exitCode !== null) throw new Error(`the API ended with ${child.exitCode}: ${output}`);
    await Promise.race([
      once(child.stdout ?? child, "data"),
      once(child.stderr ?? child, "data"),
      once(child, "close"),
    ]);
  }
}
