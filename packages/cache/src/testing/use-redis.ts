import { Redis } from "ioredis";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { RedisKeys, type ShardKeys } from "../redis/keys.ts";
import { openRedis, type OpenRedisOptions, type RedisConnections } from "../redis/open-redis.ts";

/** A corner of a server that is empty before each test. */
export class RedisInUse {
  /** A client without any prefix. */
  readonly raw: Redis;
  readonly names: RedisKeys;
  /** Those of the first shard. */
  readonly keys: ShardKeys;
  /** What all processes of a test have logged. */
  readonly logger: RecordingLogger = new RecordingLogger();
  readonly #server: TestRedis;
  readonly #opened: RedisConnections[] = [];

  constructor(server: TestRedis) {
    this.#server = server;
    this.raw = new Redis(server.url);
    this.names = new RedisKeys(server.keyPrefix);
    this.keys = this.names.shard(0);
  }

  /** The ports of one more process. */
  async open(options: Partial<OpenRedisOptions> = {}): Promise<RedisConnections> {
    const { keyPrefix, url } = this.#server;
    const redis = await openRedis({ url, keyPrefix, logger: this.logger, ...options });
    this.#opened.push(redis);
    return redis;
  }

  /** Ends all processes and leaves nothing behind. */
  async clean(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((redis) => redis.close()));
    await this.#server.clean();
    this.raw.disconnect();
  }
}

/** Lets the tests of a file use a Redis. */
export function useRedis(use: (redis: RedisInUse) => void): void {
  let server: TestRedis;
  let inUse: RedisInUse;
  beforeAll(async () => {
    server = await createTestRedis();
  });
  beforeEach(() => use((inUse = new RedisInUse(server))));
  afterEach(() => inUse.clean());
}
