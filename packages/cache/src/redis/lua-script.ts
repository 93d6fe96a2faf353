import { createHash } from "node:crypto";
import type { RedisClient } from "./redis-client.ts";
import { redisErrorCode } from "./redis-error.ts";

/** A script that runs on the server as one step. */
export class LuaScript {
  readonly #text: string;
  readonly #digest: string;

  constructor(text: string) {
    this.#text = text;
    this.#digest = createHash("sha1").update(text).digest("hex");
  }

  /** Runs by digest, and by text once when the server does not know the script (yet, or after a restart). */
  async run(client: RedisClient, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#digest, keys.length, ...keys, ...values);
    } catch (error) {
      if (redisErrorCode(error) !== "NOSCRIPT") throw error;
      return client.eval(this.#text, keys.length, ...keys, ...values);
    }
  }
}
