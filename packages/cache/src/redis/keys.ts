import { LottyError } from "@lotty/domain";
import { slotOf } from "./hash-slot.ts";
import { shardTag } from "./shard-tag.ts";

/** Keys of one shard of the decision stream. All share a hash tag, so that one script may touch all of them. */
export interface ShardKeys {
  readonly stream: string;
  readonly deadLetters: string;
  /** Hash: what is done of entries that hold several decisions, and how many decisions there are. */
  readonly progress: string;
  /** Where a cluster keeps them. */
  readonly slot: number;
}

/** Prefix of every name unless told otherwise. */
export const DEFAULT_KEY_PREFIX = "lotty:";

/** The group of all workers on each shard of the stream. */
export const CONSUMER_GROUP = "workers";

/**
 * Every name that Lotty uses on a Redis server.
 *
 * What a caller chose is in a name as JSON without closing braces: a cluster then hashes the whole name, and braces in a
 * subject id cannot gather keys on one node. Several parts are joined as an array, which no choice of parts makes ambiguous;
 * lone surrogates stay well-formed. (An empty hash tag in front would do the same at the server, but not in the client,
 * which would ask the wrong node first.)
 */
export class RedisKeys {
  readonly #prefix: string;

  /** @throws LottyError `invalid_configuration` when the prefix has braces, which would move the hash tags */
  constructor(prefix: string) {
    if (/[{}]/.test(prefix)) {
      throw new LottyError("invalid_configuration", "The prefix of Redis keys must not contain braces.");
    }
    this.#prefix = prefix;
  }

  /** String: one cached outcome. */
  cachedDecision(key: string): string {
    return `${this.#prefix}decision:${freeText(key)}`;
  }

  /** Hash: the history of one subject. */
  history(environmentId: string, subjectId: string): string {
    return `${this.#prefix}history:${freeText([environmentId, subjectId])}`;
  }

  /** Channel of change notices. */
  notices(): string {
    return `${this.#prefix}changes`;
  }

  /**
   * Everything of one shard, counted from 0.
   *
   * @param of what the stream is of: events have names of their own on the same server
   */
  shard(shard: number, of: "decisions" | "events" = "decisions"): ShardKeys {
    const tag = shardTag(shard);
    const first = `${this.#prefix}{${tag}}${of === "events" ? ":events" : ""}`;
    return {
      stream: `${first}:stream`,
      deadLetters: `${first}:dead-letters`,
      progress: `${first}:progress`,
      slot: slotOf(tag),
    };
  }
}

function freeText(value: string | readonly string[]): string {
  return JSON.stringify(value).replaceAll("}", "\\u007d");
}
