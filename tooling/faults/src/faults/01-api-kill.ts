import type { Fault } from "../fault.ts";
import { inTime } from "../verdict/figure.ts";

/** Kills the APIs in turn, in the middle of requests. */
export const apiKill: Fault = {
  row: 1,
  name: "api-kill",
  title: "kill -9 of an API in the middle of requests, again and again",
  quick: true,
  async inject({ api, mark, pause, quick, random, say }) {
    const kills = quick ? 2 : 50;
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = random.pick(api);
      await pause(random.between(50, 300));
      mark();
      await victim.kill();
      await victim.start();
      if ((kill + 1) % 10 === 0) say(`${String(kill + 1)} kills`);
    }
  },
  figures: ({ quick, recoverySeconds }) => [inTime("recovery s", recoverySeconds, { limit: 3, quick })],
};
