import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { repository } from "./run-cli.ts";
import { readResults, type DecisionLine, type ResultLine } from "./shares.ts";
import { subjectLine } from "./subjects.ts";

/** A running API with the demo on an embedded database in memory. */
export interface DemoApi {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the built API. */
export async function startDemoApi(): Promise<DemoApi> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ["apps/api/dist/main.js"], {
    cwd: repository,
    env: {
      ...process.env,
      PORT: String(port),
      LOG_LEVEL: "warn",
      LOTTY_DATA_DIR: "memory",
      LOTTY_DEMO: "demo/lotty.yaml",
    },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`The API ended with ${child.exitCode}. Has it been built?`);
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.ok === true) return { url, stop };
    await sleep(100);
  }
  await stop();
  throw new Error("The API was not ready after a minute.");
}

/** Asks the API about the first subjects of the output, several at a time, and returns the lines that differ. */
export async function differencesFrom(api: DemoApi, file: string, sample: number): Promise<readonly string[]> {
  const differences: string[] = [];
  const lines = readResults(file);
  let n = 0;
  const ask = async (): Promise<void> => {
    while (n < sample) {
      const subject = subjectLine(n++);
      const next = await lines.next();
      if (next.done) return;
      const line: ResultLine = next.value;
      const answer = await decide(api, { ...subject, flags: line.decisions.map(({ flag }) => flag) });
      if (!isDeepStrictEqual(answer.map(comparable), line.decisions.map(comparable))) {
        differences.push(
          `${subject.subject_id}: ${JSON.stringify(answer)} instead of ${JSON.stringify(line.decisions)}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, ask));
  return differences;
}

async function decide(api: DemoApi, question: object): Promise<readonly DecisionLine[]> {
  const response = await fetch(`${api.url}/v1/decide`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  if (!response.ok) throw new Error(`The API answered ${response.status}: ${await response.text()}`);
  const body = (await response.json()) as { readonly decisions: readonly DecisionLine[] };
  return body.decisions;
}

function comparable({ experiment_id, flag, reason, value, variant_id }: DecisionLine): object {
  return { experiment_id, flag, reason, value, variant_id };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No port is free.");
  return address.port;
}
