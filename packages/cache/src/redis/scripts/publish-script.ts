import { LuaScript } from "../lua-script.ts";

/**
 * Publishes a message. A script, because it names the channel as a key: the nodes of a cluster pass on what they are given in
 * order, so all messages of a channel have to go through the same one.
 *
 * KEYS channel. ARGV message.
 */
export const PUBLISH: LuaScript = new LuaScript("redis.call('PUBLISH', KEYS[1], ARGV[1])");
