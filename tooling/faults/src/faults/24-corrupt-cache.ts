import type { Redis } from "ioredis";
import type { Fault } from "../fault.ts";
import type { Inspect } from "../client/load-client.ts";
import type { JobMaker } from "../client/job.ts";
import { atLeast, exactly } from "../verdict/figure.ts";

const SUBJECTS = 100;

/** Few subjects that come back, so that most answers could come from a cache. */
function returning(seed: number): JobMaker {
  return (n) => {
    const subject = `back${String(seed)}-${String(n % SUBJECTS)}`;
    return {
      subject,
      body: JSON.stringify({ flags: ["button", "prices"], attributes: { country: "DE" }, subject_id: subject }),
    };
  };
}

/** Damages in turn: what is no JSON, what is cut off, JSON of another form, an experiment and variant that nobody knows. */
const STRINGS = ["\u0000\u0001garbage", '["1","experiment_assig', "{}", "[]", "null"];

async function keysOf(redis: Redis, pattern: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor = "0";
  do {
    const [next, found] = await redis.scan(cursor, "MATCH", pattern, "COUNT", 500);
    keys.push(...found);
    cursor = next;
  } while (cursor !== "0");
  return keys;
}

/** Writes nonsense over everything that the caches hold. */
function makeCorruptCache(): Fault {
  const values = new Map<string, string>();
  let changed = 0;
  const inspect: Inspect = ({ subject }, decisions) => {
    for (const { flag, value } of decisions) {
      const key = `${subject} ${flag}`;
      const text = JSON.stringify(value);
      if ((values.get(key) ?? text) !== text) changed += 1;
      values.set(key, text);
    }
  };
  return {
    row: 24,
    name: "corrupt-cache",
    title: "the entries of the decision cache and of the history cache are damaged again and again",
    load: { jobs: returning, inspect },
    async inject({ api, counted, measure, pause, random, redisClient }) {
      const lookups = (result: string): Promise<number> =>
        counted(api, `lotty_decision_cache_lookups_total{result="${result}"}`);
      const missesBefore = await lookups("miss");
      let damaged = 0;
      for (let round = 0; round < 20; round += 1) {
        for (const key of await keysOf(redisClient, "lotty:decision:*")) {
          damaged += 1;
          if (random.next() < 0.2) await redisClient.multi().del(key).hset(key, "a", "b").exec();
          else await redisClient.set(key, random.pick(STRINGS), "KEEPTTL");
        }
        for (const key of await keysOf(redisClient, "lotty:history:*")) {
          damaged += 1;
          if (random.next() < 0.3) await redisClient.set(key, "garbage");
          else await redisClient.hset(key, "01a203d3-6d24-759b-8ca4-550d45d0a6cd", random.pick(STRINGS));
        }
        await pause(500);
      }
      measure("entries damaged", damaged);
      measure("misses while damaged", (await lookups("miss")) - missesBefore);
    },
    async afterwards({ measure }) {
      measure("wrong decisions", changed);
      changed = 0;
      values.clear();
    },
    figures: ({ errorsPercent, measures }) => [
      atLeast("entries damaged", measures.get("entries damaged") ?? null, SUBJECTS),
      atLeast("misses while damaged", measures.get("misses while damaged") ?? null, SUBJECTS),
      exactly("wrong decisions", measures.get("wrong decisions") ?? null, 0),
      exactly("errors %", errorsPercent, 0),
    ],
  };
}

/** The caches lie. */
export const corruptCache: Fault = makeCorruptCache();
