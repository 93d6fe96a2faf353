import { LuaScript } from "../lua-script.ts";

/**
 * Replaces a kept history, whatever was there.
 *
 * KEYS history. ARGV seconds to keep it, then field names and values.
 */
export const PUT_HISTORY: LuaScript = new LuaScript(`
redis.call('DEL', KEYS[1])
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
`);

/**
 * Adds fields to a kept history if there is one. HSET leaves the key's end where it is.
 *
 * KEYS history. ARGV the marker's name and value, then field names and values.
 */
export const MERGE_HISTORY: LuaScript = new LuaScript(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return end
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
`);
