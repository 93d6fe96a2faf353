import type { Fault } from "../fault.ts";
import { askForLength, lengthIn, streamState } from "../stage/stream.ts";
import { atLeast, atMost } from "../verdict/figure.ts";

/** Throws everything away that Redis holds, with entries on their way. */
export const redisFlush: Fault = {
  row: 6,
  name: "redis-flush",
  title: "FLUSHALL with decisions on their way",
  load: { perSecond: 600 },
  async inject({ measure, pause, redisClient, until, workers }) {
    // Without a stopped worker the stream is all but empty, and there would be nothing to lose.
    for (const worker of workers) worker.signal("SIGSTOP");
    await pause(1_000);
    // In one step: what is in the stream now is what is lost.
    const replies = await askForLength(redisClient).flushall().exec();
    measure("decisions thrown away", lengthIn(replies?.map(([, reply]) => reply) ?? []));
    for (const worker of workers) worker.signal("SIGCONT");
    const begin = performance.now();
    await until("the group is there again", async () => (await streamState(redisClient)).group);
    measure("group again after s", (performance.now() - begin) / 1_000);
  },
  async afterwards({ measure, workers }) {
    measure(
      "workers that logged the loss",
      workers.filter(({ log }) => log.includes("decision_stream_group_lost")).length,
    );
  },
  queuedLoss: ({ measures }) => measures.get("decisions thrown away") ?? 0,
  figures: ({ measures }) => [
    atMost("group again after s", measures.get("group again after s") ?? null, 5),
    atLeast("workers that logged the loss", measures.get("workers that logged the loss") ?? null, 1),
  ],
};
