import type { Fault } from "../fault.ts";
import { streamState } from "../stage/stream.ts";
import { atLeast, atMost, exactly } from "../verdict/figure.ts";
import { SYNC_FALLBACKS } from "./queued-again.ts";

const CAP = 1_000;

/** Stops the workers until the stream is at its cap. */
export const streamFull: Fault = {
  row: 10,
  name: "stream-full",
  title: "no worker runs and the stream is at its cap",
  stage: { env: { DECISION_STREAM_MAX_LENGTH: String(CAP) } },
  async inject({ api, counted, measure, pause, redisClient, until, workers }) {
    for (const worker of workers) await worker.stop();
    await until("the stream is full", async () => (await counted(api, SYNC_FALLBACKS)) > 0);
    await pause(10_000);
    measure("longest stream", (await streamState(redisClient)).length);
  },
  async heal({ workers }) {
    for (const worker of workers) await worker.start();
  },
  async afterwards({ api, counted, measure, workers }) {
    measure("sync fallbacks", await counted(api, SYNC_FALLBACKS));
    measure("entries found deleted", workers.filter(({ log }) => log.includes("decision_stream_entries_lost")).length);
  },
  figures: ({ errorsPercent, measures }) => [
    exactly("errors %", errorsPercent, 0),
    atLeast("sync fallbacks", measures.get("sync fallbacks") ?? null, 1),
    atMost("longest stream", measures.get("longest stream") ?? null, CAP),
    exactly("entries found deleted", measures.get("entries found deleted") ?? null, 0),
  ],
};
