import { LuaScript } from "../lua-script.ts";

/**
 * A Lua function that removes what no group needs any more: everything below the lowest entry that is pending or unread
 * in any group. Never by length, which would remove unread and pending entries without a trace.
 *
 * The position after the last delivered entry counts as unread only while its sequence is an exact number in Lua.
 */
const TRIM = `
local function before(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  if a_ms ~= b_ms then return a_ms < b_ms end
  return tonumber(a_seq) < tonumber(b_seq)
end

local function following(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  if string.len(seq) > 15 then return id end
  return string.format('%s-%.0f', ms, tonumber(seq) + 1)
end

local function trim(stream)
  if redis.call('EXISTS', stream) == 0 then return end
  local floor
  for _, reply in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local group = {}
    for i = 1, #reply, 2 do group[reply[i]] = reply[i + 1] end
    local needed = following(group['last-delivered-id'])
    if group['pending'] > 0 then
      local lowest = redis.call('XPENDING', stream, group['name'])[2]
      if before(lowest, needed) then needed = lowest end
    end
    if floor == nil or before(needed, floor) then floor = needed end
  end
  if floor ~= nil then redis.call('XTRIM', stream, 'MINID', '=', floor) end
end
`;

/**
 * Appends entries, all or none.
 *
 * KEYS stream. ARGV most entries the stream may have, version of the payloads, then the payloads. Returns 1, or 0 when
 * the stream is too full.
 */
export const APPEND: LuaScript = new LuaScript(`
if redis.call('XLEN', KEYS[1]) + #ARGV - 2 > tonumber(ARGV[1]) then return 0 end
for i = 3, #ARGV do redis.call('XADD', KEYS[1], '*', 'v', ARGV[2], 'd', ARGV[i]) end
return 1
`);

/**
 * Acknowledges entries and trims.
 *
 * KEYS stream. ARGV group, then ids (at most some thousand: Lua's stack takes 8,000).
 */
export const ACKNOWLEDGE: LuaScript = new LuaScript(`${TRIM}
redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 2))
trim(KEYS[1])
`);

/**
 * Claims entries that have been idle, with the number of their deliveries, which XAUTOCLAIM does not tell.
 *
 * KEYS stream. ARGV group, consumer, least idle time in milliseconds, most entries, cursor. Returns the next cursor,
 * entries as {id, fields, deliveries}, and ids whose entries are gone.
 */
export const CLAIM: LuaScript = new LuaScript(`
local reply = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[5], 'COUNT', ARGV[4])
local claimed = {}
for i, entry in ipairs(reply[2]) do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)
  claimed[i] = { entry[1], entry[2], pending[1][4] }
end
return { reply[1], claimed, reply[3] }
`);

/**
 * Copies a pending entry to the dead letters, acknowledges it and trims. Does nothing for an entry that is not pending,
 * so that it may be sent twice.
 *
 * KEYS stream, dead letters. ARGV group, id, reason.
 */
export const SET_ASIDE: LuaScript = new LuaScript(`${TRIM}
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if pending == nil then return end
local found = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
local fields = found[1] and found[1][2] or {}
redis.call('XADD', KEYS[2], '*', 'reason', ARGV[3], 'entry', ARGV[2], 'deliveries', pending[4], unpack(fields))
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
trim(KEYS[1])
`);

/**
 * Moves a dead letter back to the end of the stream.
 *
 * KEYS stream, dead letters. ARGV id. Returns 1; 0 when there is no such letter; -1 when it has nothing of an entry.
 */
export const RETRY: LuaScript = new LuaScript(`
local found = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])
if found[1] == nil then return 0 end
local fields = found[1][2]
if fields[1] ~= 'reason' or #fields < 8 then return -1 end
redis.call('XADD', KEYS[1], '*', unpack(fields, 7))
redis.call('XDEL', KEYS[2], ARGV[1])
return 1
`);

/**
 * Counts what waits. The server cannot tell how far a group lags behind after entries were deleted one by one; then
 * whatever is not pending counts as unread.
 *
 * KEYS stream. ARGV group. Returns {unread, pending}.
 */
export const BACKLOG: LuaScript = new LuaScript(`
local length = redis.call('XLEN', KEYS[1])
if redis.call('EXISTS', KEYS[1]) == 0 then return { 0, 0 } end
for _, reply in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #reply, 2 do group[reply[i]] = reply[i + 1] end
  if group['name'] == ARGV[1] then
    local pending = group['pending']
    return { group['lag'] or math.max(0, length - pending), pending }
  end
end
return { length, 0 }
`);

/**
 * Removes a consumer that leaves in good order, and others that hold nothing and have been silent for a day: their
 * processes are gone. One that holds entries stays until they are claimed.
 *
 * KEYS stream. ARGV group, consumer.
 */
export const LEAVE: LuaScript = new LuaScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return end
for _, reply in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #reply, 2 do consumer[reply[i]] = reply[i + 1] end
  local gone = consumer['name'] == ARGV[2] or consumer['idle'] > 86400000
  if gone and consumer['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
  end
end
`);
