import type { CachedDecision, DecisionCache } from "@lotty/domain";
import { decodeCachedDecision, encodeCachedDecision } from "../codecs/cached-decision-codec.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { cacheUnavailable, redisErrorCode } from "./redis-error.ts";

/** A decision cache that all processes share: one string per entry, ended by the server. */
export class RedisDecisionCache implements DecisionCache {
  readonly #connection: RedisConnection;
  readonly #keys: RedisKeys;

  constructor(connection: RedisConnection, keys: RedisKeys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  async get(key: string): Promise<CachedDecision | undefined> {
    const client = await this.#connection.client();
    try {
      const text = await client.get(this.#keys.cachedDecision(key));
      return text === null ? undefined : decodeCachedDecision(text);
    } catch (error) {
      // Something else under our name is a damaged entry; the next set replaces it.
      if (redisErrorCode(error) === "WRONGTYPE") return undefined;
      throw cacheUnavailable("reading a cached decision", error);
    }
  }

  async set(key: string, entry: CachedDecision, ttlSeconds: number): Promise<void> {
    const client = await this.#connection.client();
    try {
      await client.set(this.#keys.cachedDecision(key), encodeCachedDecision(entry), "EX", ttlSeconds);
    } catch (error) {
      throw cacheUnavailable("caching a decision", error);
    }
  }
}
