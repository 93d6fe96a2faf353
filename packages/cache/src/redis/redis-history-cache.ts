import type { Assignment, KeptHistory, SubjectHistory, SubjectHistoryCache } from "@lotty/domain";
import { decodeHistory, encodeAssignments, HISTORY_FORMAT, HISTORY_MARKER } from "../codecs/history-codec.ts";
import type { RedisKeys } from "./keys.ts";
import type { LuaScript } from "./lua-script.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { cacheUnavailable, redisErrorCode } from "./redis-error.ts";
import { MERGE_HISTORY, PUT_HISTORY } from "./scripts/history-scripts.ts";

/** Whose history. */
type Owner = readonly [environmentId: string, subjectId: string];

/** A history cache that all processes share: one hash per subject, a field per experiment, ended by the server. */
export class RedisHistoryCache implements SubjectHistoryCache {
  readonly #connection: RedisConnection;
  readonly #keys: RedisKeys;

  constructor(connection: RedisConnection, keys: RedisKeys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  async get(environmentId: string, subjectId: string): Promise<SubjectHistory | undefined> {
    const client = await this.#connection.client();
    try {
      return decodeHistory(await client.hgetall(this.#keys.history(environmentId, subjectId)));
    } catch (error) {
      // Something else under our name is a damaged entry; the next put replaces it.
      if (redisErrorCode(error) === "WRONGTYPE") return undefined;
      throw cacheUnavailable("reading a history", error);
    }
  }

  async put(environmentId: string, subjectId: string, { history, ttlSeconds }: KeptHistory): Promise<void> {
    const values = [ttlSeconds, HISTORY_MARKER, HISTORY_FORMAT, ...encodeAssignments(history)];
    await this.#write(PUT_HISTORY, [environmentId, subjectId], values);
  }

  async merge(environmentId: string, subjectId: string, assignments: readonly Assignment[]): Promise<void> {
    if (assignments.length === 0) return;
    const values = [HISTORY_MARKER, HISTORY_FORMAT, ...encodeAssignments(assignments)];
    await this.#write(MERGE_HISTORY, [environmentId, subjectId], values);
  }

  async remove(environmentId: string, subjectId: string): Promise<void> {
    const client = await this.#connection.client();
    try {
      await client.unlink(this.#keys.history(environmentId, subjectId));
    } catch (error) {
      throw cacheUnavailable("removing a history", error);
    }
  }

  async #write(script: LuaScript, owner: Owner, values: readonly (string | number)[]): Promise<void> {
    const client = await this.#connection.client();
    try {
      await script.run(client, [this.#keys.history(...owner)], values);
    } catch (error) {
      throw cacheUnavailable("keeping a history", error);
    }
  }
}
