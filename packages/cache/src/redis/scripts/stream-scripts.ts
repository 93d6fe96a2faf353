import { LuaScript } from "../lua-script.ts";
import { ONE_DECISION } from "../stream-entry-codec.ts";
import { FIELDS, PUT, SETTLE, SURPLUS, TRIM } from "./stream-functions.ts";

/**
 * Appends entries, all or none.
 *
 * KEYS stream, progress. ARGV most decisions the stream may have, then the number of decisions and the payload of each
 * entry. Returns 1, or 0 when the stream is too full.
 */
export const APPEND: LuaScript = new LuaScript(`${FIELDS}${SURPLUS}${PUT}
local entries, there = {}, redis.call('XLEN', KEYS[1])
if there > 0 then there = there + surplus_from(KEYS[1], KEYS[2], '-') end
for i = 2, #ARGV, 2 do
  entries[#entries + 1] = { count = tonumber(ARGV[i]), payload = ARGV[i + 1] }
  there = there + tonumber(ARGV[i])
end
if there > tonumber(ARGV[1]) then return 0 end
append(KEYS[1], KEYS[2], entries)
return 1
`);

/**
 * Marks decisions as done, acknowledges the entries of which nothing is left to do, and trims.
 *
 * KEYS stream, progress. ARGV group, then of each entry its id, its number of decisions, and the positions of those that are
 * done, none for all (at most some thousand entries: Lua's stack takes 8,000).
 */
export const ACKNOWLEDGE: LuaScript = new LuaScript(`${TRIM}${SETTLE}
local alone = {}
for i = 2, #ARGV, 3 do
  local entry = { id = ARGV[i], count = tonumber(ARGV[i + 1]), positions = ARGV[i + 2] }
  if entry.count > 1 then settle(KEYS[1], KEYS[2], ARGV[1], entry) else alone[#alone + 1] = entry.id end
end
if #alone > 0 then redis.call('XACK', KEYS[1], ARGV[1], unpack(alone)) end
trim(KEYS[1])
`);

/**
 * Claims entries that have been idle, with the number of their deliveries, which XAUTOCLAIM does not tell.
 *
 * KEYS stream, progress. ARGV group, consumer, least idle time in milliseconds, most entries, cursor. Returns the next cursor,
 * entries as {id, fields, deliveries, marks or false}, and ids whose entries are gone.
 */
export const CLAIM: LuaScript = new LuaScript(`
local reply = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[5], 'COUNT', ARGV[4])
local claimed = {}
for i, entry in ipairs(reply[2]) do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)
  claimed[i] = { entry[1], entry[2], pending[1][4], redis.call('HGET', KEYS[2], entry[1]) }
end
return { reply[1], claimed, reply[3] }
`);

/**
 * Copies a decision of a pending entry to the dead letters, marks it as done and trims. An entry that is not of ours is
 * copied as it is. Does nothing for a decision that is done, so that it may be sent twice.
 *
 * KEYS stream, dead letters, progress. ARGV group, id, number of decisions, position, reason.
 */
export const SET_ASIDE: LuaScript = new LuaScript(`${TRIM}${FIELDS}${SETTLE}
local function line_of(text, position)
  for line in string.gmatch(text .. '\\n', '([^\\n]*)\\n') do
    if position == 0 then return line end
    position = position - 1
  end
end

local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if pending == nil then return end
local position = tonumber(ARGV[4])
local marks = redis.call('HGET', KEYS[3], ARGV[2])
if marks and string.sub(marks, position + 1, position + 1) == 'x' then return end
local found = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
local fields = found[1] and found[1][2] or {}
local payload, several = payload_of(fields)
if several then payload = line_of(payload, position) end
if payload then fields = { 'v', '${ONE_DECISION}', 'd', payload } end
redis.call('XADD', KEYS[2], '*', 'reason', ARGV[5], 'entry', ARGV[2], 'deliveries', pending[4], unpack(fields))
settle(KEYS[1], KEYS[3], ARGV[1], { id = ARGV[2], count = tonumber(ARGV[3]), positions = ARGV[4] })
trim(KEYS[1])
`);

/**
 * Moves a dead letter back to the end of the stream. A worker of a version that knew one decision per entry may have set a
 * whole entry aside, which comes back as such.
 *
 * KEYS stream, dead letters, progress. ARGV id. Returns 1; 0 when there is no such letter; -1 when it has nothing of an entry.
 */
export const RETRY: LuaScript = new LuaScript(`${FIELDS}${SURPLUS}${PUT}
local found = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])
if found[1] == nil then return 0 end
local fields = found[1][2]
if fields[1] ~= 'reason' or #fields < 8 then return -1 end
local entry = { unpack(fields, 7) }
local payload, several = payload_of(entry)
if payload then
  local breaks = several and select(2, string.gsub(payload, '\\n', '')) or 0
  append(KEYS[1], KEYS[3], { { count = breaks + 1, payload = payload } })
else
  redis.call('XADD', KEYS[1], '*', unpack(entry))
end
redis.call('XDEL', KEYS[2], ARGV[1])
return 1
`);

/**
 * Counts the decisions that wait. The server cannot tell how far a group lags behind after entries were deleted one by one;
 * then whatever is not pending counts as unread.
 *
 * KEYS stream, progress. ARGV group. Returns {unread, pending}.
 */
export const BACKLOG: LuaScript = new LuaScript(`${FIELDS}${SURPLUS}
local length = redis.call('XLEN', KEYS[1])
if redis.call('EXISTS', KEYS[1]) == 0 then return { 0, 0 } end
for _, reply in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #reply, 2 do group[reply[i]] = reply[i + 1] end
  if group['name'] == ARGV[1] then
    local unread = surplus_from(KEYS[1], KEYS[2], '(' .. group['last-delivered-id'])
    local pending = group['pending']
    local lag = group['lag'] or math.max(0, length - pending)
    if pending > 0 then pending = pending + math.max(0, counter_of(KEYS[2], 'open') - unread) end
    return { lag + unread, pending }
  end
end
return { length + surplus_from(KEYS[1], KEYS[2], '-'), 0 }
`);

/**
 * Removes a consumer that leaves in good order, and others that hold nothing and have been silent for a day: their
 * processes are gone. One that holds entries stays until they are claimed; those of the one that leaves may be claimed at
 * once.
 *
 * KEYS stream. ARGV group, consumer.
 */
export const LEAVE: LuaScript = new LuaScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return end
local day = 86400000
local held = {}
for i, entry in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1000, ARGV[2])) do held[i] = entry[1] end
if #held > 0 then
  for _, option in ipairs({ 'IDLE', day, 'JUSTID' }) do held[#held + 1] = option end
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, unpack(held))
end
for _, reply in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #reply, 2 do consumer[reply[i]] = reply[i + 1] end
  local gone = consumer['name'] == ARGV[2] or consumer['idle'] > day
  if gone and consumer['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
  end
end
`);
