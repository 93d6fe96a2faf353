import type { Fault } from "../fault.ts";
import { atLeast, atMost } from "../verdict/figure.ts";

/** Kills the workers in turn at random moments, many of them between the commit and the acknowledgement. */
export const workerKill: Fault = {
  row: 3,
  name: "worker-kill",
  title: "kill -9 of a worker at random moments, again and again",
  // Batches are long enough to be hit in the middle.
  load: { perSecond: 600 },
  async inject({ pause, random, say, workers }) {
    const kills = 50;
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = random.pick(workers);
      await pause(random.between(20, 400));
      await victim.scrape();
      await victim.kill();
      await victim.start();
      if ((kill + 1) % 10 === 0) say(`${String(kill + 1)} kills`);
    }
  },
  async afterwards({ counted, measure, workers }) {
    measure("redelivered", await counted(workers, "lotty_worker_decisions_reclaimed_total"));
  },
  figures: ({ drainSeconds, measures }) => [
    atLeast("redelivered", measures.get("redelivered") ?? null, 1),
    atMost("backlog 0 after s", drainSeconds, 60),
  ],
};
