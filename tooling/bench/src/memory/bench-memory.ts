import { setTimeout as sleep } from "node:timers/promises";
import { preparePostgres } from "@lotty/test-servers/postgres";
import { startPrepared } from "@lotty/test-servers/server-process";
import type { BenchRun } from "../bench.ts";
import { loadFully, loadSteadily } from "../http/load.ts";
import { assigningRequest } from "../http/requests.ts";
import { startApi, type ServerProcess } from "../servers/server-processes.ts";
import { fitLine, type Point } from "./fit-line.ts";

const CONNECTIONS = 64;
const SAMPLE_MILLIS = 1_000;
const MB = 1024 ** 2;

/** The part of the run in which caches and the heap's generations fill up; it does not count. */
const WARM_UP_SHARE = 0.25;

/** Resident memory of the API over a run of durable decisions at half of the highest rate. */
export async function benchMemory(run: BenchRun): Promise<void> {
  const seconds = run.quick ? 30 : 600;
  const postgres = await startPrepared(await preparePostgres({}, "disk"));
  try {
    const api = await startApi({ name: "Lotty, durable", env: { DATABASE_URL: postgres.url } });
    try {
      await observe(run, api, seconds);
    } finally {
      await api.stop();
    }
  } finally {
    await postgres.stop();
  }
}

async function observe(run: BenchRun, { port }: ServerProcess, seconds: number): Promise<void> {
  const target = { port, connections: CONNECTIONS, request: assigningRequest };
  const { requestsPerSecond } = await loadFully({ ...target, seconds: run.quick ? 2 : 10 });
  const ratePerSecond = requestsPerSecond / 2;
  const stopped = new AbortController();
  const sampling = sample(port, stopped.signal);
  await loadSteadily({ ...target, seconds, ratePerSecond });
  stopped.abort();
  const samples = await sampling;
  const settled = samples.filter(({ x }) => x >= seconds * WARM_UP_SHARE);
  const { deviation, slope } = fitLine(settled);
  const length = seconds * (1 - WARM_UP_SHARE);
  const drift = slope * length;
  run.print(
    `Durable decisions at ${ratePerSecond.toFixed(0)} a second for ${seconds} s; the first quarter, in which caches fill, is left ` +
      "out. The drift is the slope of a line through the samples times the length; noise is their deviation from that line.",
  );
  run.table(
    ["resident memory", "MB"],
    [
      ["at the end of the warm-up", ((settled[0]?.y ?? Number.NaN) / MB).toFixed(1)],
      ["at the end", ((settled.at(-1)?.y ?? Number.NaN) / MB).toFixed(1)],
      ["highest", (Math.max(...samples.map(({ y }) => y)) / MB).toFixed(1)],
      ["slope, per minute", ((slope * 60) / MB).toFixed(2)],
      ["drift over the run", (drift / MB).toFixed(1)],
      ["noise", (deviation / MB).toFixed(1)],
    ],
  );
  run.judge({
    what: `memory over ${seconds} s at half the rate`,
    target: "drift at most twice the noise",
    measured: `${(drift / MB).toFixed(1)} MB, noise ${(deviation / MB).toFixed(1)} MB`,
    met: drift <= 2 * deviation,
  });
}

/** Asks the API for its resident memory once a second; seconds and bytes. */
async function sample(port: number, signal: AbortSignal): Promise<readonly Point[]> {
  const started = performance.now();
  const points: Point[] = [];
  while (!signal.aborted) {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    const bytes = /^process_resident_memory_bytes (\S+)/m.exec(await answer.text())?.[1];
    points.push({ x: (performance.now() - started) / 1_000, y: Number(bytes) });
    await sleep(SAMPLE_MILLIS, undefined, { signal }).catch(() => undefined);
  }
  return points;
}
