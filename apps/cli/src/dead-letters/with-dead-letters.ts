import { LottyError } from "@lotty/domain";
import { settingsOf } from "../settings.ts";
import { localClock } from "../sources/local-ports.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { LetterBoxes } from "./letter-kind.ts";

/**
 * Works with the dead letters in the Redis of the settings, and lets go of it in the end. Needs no database.
 *
 * @throws LottyError `invalid_configuration` without Redis
 */
export async function withDeadLetters<T>(terminal: Terminal, work: (boxes: LetterBoxes) => Promise<T>): Promise<T> {
  const config = settingsOf(terminal);
  if (config.redis === null) {
    throw new LottyError("invalid_configuration", "Dead letters are in Redis, and REDIS_URL is not set.", {
      details: { advice: "Set REDIS_URL, REDIS_KEY_PREFIX and DECISION_STREAM_SHARDS as the workers have them." },
    });
  }
  // Loaded here, so that commands that need no Redis do not wait for it.
  const [{ openCaches }, { commandLogger }] = await Promise.all([
    import("@lotty/runtime"),
    import("../terminal/command-logger.ts"),
  ]);
  const { redis } = await openCaches(config, { clock: localClock, logger: commandLogger(config, terminal) });
  if (redis === null) throw new LottyError("internal", "A configuration with Redis has opened none.");
  try {
    return await work(redis);
  } finally {
    await redis.close();
  }
}
