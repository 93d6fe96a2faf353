import type { Fault } from "../fault.ts";
import { pendingByConsumer } from "../stage/stream.ts";
import { atLeast } from "../verdict/figure.ts";

/** Longer than the 30 s after which entries count as stalled, plus the 5 s between two looks for them. */
const STOPPED_MILLIS = 40_000;

/** Stops a worker with entries in hand for so long that the other takes them over, then lets it go on. */
export const workerStop: Fault = {
  row: 4,
  name: "worker-stop",
  title: "SIGSTOP of a worker with entries in hand, past the time after which they are taken over, then SIGCONT",
  load: { perSecond: 600 },
  async inject(scene) {
    const { pause, measure, random, redisClient, until, workers } = scene;
    const victim = random.pick(workers);
    const held = async (): Promise<number> => {
      const consumers = await pendingByConsumer(redisClient);
      return [...consumers].reduce(
        (sum, [name, count]) => (name.includes(`-${String(victim.pid)}-`) ? sum + count : sum),
        0,
      );
    };
    await until("the stopped worker holds entries", async () => {
      victim.signal("SIGSTOP");
      if ((await held()) > 0) return true;
      victim.signal("SIGCONT");
      await pause(random.between(1, 20));
      return false;
    });
    measure("held by the stopped worker", await held());
    await pause(STOPPED_MILLIS);
    measure("left with it", await held());
    victim.signal("SIGCONT");
  },
  async afterwards({ counted, measure, workers }) {
    measure("delivered to both", await counted(workers, "lotty_worker_decisions_reclaimed_total"));
  },
  figures: ({ measures }) => [atLeast("delivered to both", measures.get("delivered to both") ?? null, 1)],
};
