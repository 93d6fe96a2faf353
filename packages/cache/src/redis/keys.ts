import { LottyError } from "@lotty/domain";

/** Keys of one shard of the decision stream. All share a hash tag, so that one script may touch all of them. */
export interface ShardKeys {
  readonly stream: string;
  readonly deadLetters: string;
}

/** Prefix of every name unless told otherwise. */
export const DEFAULT_KEY_PREFIX = "lotty:";

/** The group of all workers on each shard of the stream. */
export const CONSUMER_GROUP = "workers";

/**
 * Every name that Lotty uses on a Redis server.
 *
 * Names that hold what a caller chose begin with an empty hash tag, `{}`: a cluster then hashes the whole name, and braces
 * in a subject id cannot gather keys on one node. Several parts are joined as a JSON array, which no choice of parts
 * makes ambiguous and which stays well-formed for lone surrogates.
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
    return `${this.#prefix}{}decision:${JSON.stringify(key)}`;
  }

  /** Hash: the history of one subject. */
  history(environmentId: string, subjectId: string): string {
    return `${this.#prefix}{}history:${JSON.stringify([environmentId, subjectId])}`;
  }

  /** Channel of change notices. */
  notices(): string {
    return `${this.#prefix}changes`;
  }

  /** Streams of one shard, counted from 0. */
  shard(shard: number): ShardKeys {
    const tag = `${this.#prefix}{decisions:${shard}}`;
    return { stream: `${tag}:stream`, deadLetters: `${tag}:dead-letters` };
  }
}
