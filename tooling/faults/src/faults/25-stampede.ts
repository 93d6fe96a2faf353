import { Agent, request } from "node:http";
import type { Fault, Scene } from "../fault.ts";
import { atMost, exactly } from "../verdict/figure.ts";

const CALLERS = 1_000;
const ROUNDS = 5;
const ANSWER_MILLIS = 15_000;

/** Asks without recording, so that the only thing that the database is asked for is the history. */
function peek(url: string, agent: Agent, subject: string): Promise<number> {
  const body = JSON.stringify({ flag: "button", subject_id: subject, peek: true });
  return new Promise((resolve) => {
    const sent = request(
      `${url}/v1/decide`,
      {
        agent,
        method: "POST",
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        timeout: ANSWER_MILLIS,
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", () => resolve(0));
    sent.end(body);
  });
}

/** How often the database has looked assignments up. */
async function lookups({ database, pause }: Scene): Promise<number> {
  // Sessions report what they have counted after a second at the latest.
  await pause(2_500);
  const [row] = await database.query(
    "SELECT coalesce(idx_scan, 0) + coalesce(seq_scan, 0) AS scans FROM pg_stat_user_tables WHERE relname = 'assignments'",
  );
  return Number(row?.["scans"]);
}

/** A thousand callers at once for a subject whose history nobody has at hand. */
export const stampede: Fault = {
  row: 25,
  name: "stampede",
  title: `${String(CALLERS)} requests at once for a subject whose history has just expired`,
  load: { none: true },
  async inject(scene) {
    const { api, measure, redisClient } = scene;
    const agent = new Agent({ keepAlive: true, maxSockets: CALLERS / api.length });
    try {
      // Connections first: opening them would spread the requests out.
      await Promise.all(
        Array.from({ length: CALLERS }, (_, n) => peek(api[n % api.length]?.url ?? "", agent, "warm-up")),
      );
      let most = 0;
      let failed = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        await redisClient.flushall();
        const before = await lookups(scene);
        const statuses = await Promise.all(
          Array.from({ length: CALLERS }, (_, n) =>
            peek(api[n % api.length]?.url ?? "", agent, `crowd-${String(round)}`),
          ),
        );
        failed += statuses.filter((status) => status !== 200).length;
        most = Math.max(most, (await lookups(scene)) - before);
      }
      measure("failed requests", failed);
      measure("look-ups per process, at most", most / api.length);
    } finally {
      agent.destroy();
    }
  },
  figures: ({ measures }) => [
    exactly("failed requests", measures.get("failed requests") ?? null, 0),
    atMost("look-ups per process, at most", measures.get("look-ups per process, at most") ?? null, 1),
  ],
};
