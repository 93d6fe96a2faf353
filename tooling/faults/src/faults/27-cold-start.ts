import type { Fault } from "../fault.ts";
import { isOk } from "../client/timeline.ts";
import { atLeast, atMost, exactly } from "../verdict/figure.ts";

const LOOKS = 25;

/** Starts everything while neither Postgres nor Redis is there. */
export const coldStart: Fault = {
  row: 27,
  name: "cold-start",
  title: "APIs and workers start while Postgres and Redis are down; both come later",
  stage: { startProcesses: false, writeMode: "sync" },
  load: { none: true },
  async inject({ api, measure, pause, postgres, redis, until, workers }) {
    await Promise.all([postgres.stop(), redis.stop()]);
    for (const member of [...api, ...workers]) member.spawn();
    await until("they listen", async () => {
      const answers = await Promise.all([...api, ...workers].map((member) => member.status("/livez")));
      return answers.every((status) => status !== undefined);
    });
    let notLive = 0;
    let notUnready = 0;
    for (let look = 0; look < LOOKS; look += 1) {
      for (const member of [...api, ...workers]) {
        if ((await member.status("/livez")) !== 200) notLive += 1;
        if ((await member.status("/readyz")) !== 503) notUnready += 1;
      }
      await pause(200);
    }
    measure("/livez not 200", notLive);
    measure("/readyz not 503", notUnready);
  },
  async heal({ postgres, redis }) {
    await Promise.all([postgres.start(), redis.start()]);
  },
  async watch({ api, load, measure, pause, workers }) {
    const begin = performance.now();
    await Promise.all([...api, ...workers].map((member) => member.untilReady()));
    measure("ready after s", (performance.now() - begin) / 1_000);
    load.add(8);
    await pause(5_000);
  },
  figures: ({ events, measures }) => [
    exactly("/livez not 200", measures.get("/livez not 200") ?? null, 0),
    exactly("/readyz not 503", measures.get("/readyz not 503") ?? null, 0),
    atMost("ready after s", measures.get("ready after s") ?? null, 10),
    atLeast("decisions afterwards", events.filter(isOk).length, 1),
    exactly("failed requests afterwards", events.filter((event) => !isOk(event)).length, 0),
  ],
};
