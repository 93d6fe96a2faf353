import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster, Redis } from "ioredis";
import { describeChangeNotices } from "@lotty/testkit/suites/change-notices";
import { describeDeadLetters } from "@lotty/testkit/suites/dead-letters";
import { describeDecisionCache } from "@lotty/testkit/suites/decision-cache";
import { describeDecisionStream } from "@lotty/testkit/suites/decision-stream";
import type { OpenedDecisionStream } from "@lotty/testkit/suites/decision-stream-fixture";
import { describeSubjectHistoryCache } from "@lotty/testkit/suites/subject-history-cache";
import { RedisKeys } from "../redis/keys.ts";
import type { RedisConnections } from "../redis/open-redis.ts";

/** An empty corner of a server or of a cluster. */
export interface RedisCorner {
  readonly keyPrefix: string;
  /** A client without any prefix. */
  readonly raw: Redis | Cluster;
  /** The ports of one more process. */
  readonly connect: () => Promise<RedisConnections>;
}

const wait = (seconds: number): Promise<void> => sleep(seconds * 1_000);

/** Registers the tests that the ports on any Redis pass. */
export function describeRedisPorts(name: string, corner: () => Promise<RedisCorner>): void {
  describeDecisionCache(name, async () => {
    const redis = await (await corner()).connect();
    return { cache: redis.decisionCache, advance: wait, close: () => redis.close() };
  });

  describeSubjectHistoryCache(name, async () => {
    const redis = await (await corner()).connect();
    return { cache: redis.historyCache, advance: wait, close: () => redis.close() };
  });

  describeChangeNotices(name, async () => {
    const { connect } = await corner();
    const opened: RedisConnections[] = [];
    return {
      connect: async () => {
        const redis = await connect();
        opened.push(redis);
        return redis.notices;
      },
      close: async () => {
        await Promise.all(opened.map((redis) => redis.close()));
      },
    };
  });

  const openStream = async (): Promise<OpenedDecisionStream> => {
    const { connect, keyPrefix, raw } = await corner();
    const redis = await connect();
    let members = 0;
    return {
      queue: redis.queue,
      deadLetters: redis.deadLetters,
      join: () => redis.stream(`member-${(members += 1)}`),
      appendMalformed: async (payload) => {
        await raw.xadd(new RedisKeys(keyPrefix).shard(0).stream, "*", "v", "1", "d", payload);
      },
      elapse: (millis) => sleep(millis),
      close: () => redis.close(),
    };
  };
  describeDecisionStream(name, openStream);
  describeDeadLetters(name, openStream);
}
