import type { Fault } from "../fault.ts";
import { exactly } from "../verdict/figure.ts";

/** Restarts every process in good order, one after the other. */
export const rollingRestart: Fault = {
  row: 2,
  name: "rolling-restart",
  title: "every process is told to end and started again, one after the other, three times",
  quick: true,
  // A quarter of it is how long requests are still taken.
  stage: { env: { SHUTDOWN_GRACE_SECONDS: "10" } },
  async inject({ api, quick, say, workers }) {
    const rounds = quick ? 1 : 3;
    for (let round = 1; round <= rounds; round += 1) {
      for (const member of quick ? api : [...api, ...workers]) {
        await member.stop();
        await member.start();
      }
      say(`round ${String(round)} of ${String(rounds)}`);
    }
  },
  figures: ({ events, failures }) => [
    exactly("failed requests", events.filter(({ kind }) => kind !== "ok").length, 0),
    exactly("connections reset", failures["ECONNRESET"] ?? 0, 0),
  ],
};
