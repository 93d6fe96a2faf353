import { ONE_DECISION, SEVERAL_DECISIONS } from "../stream-entry-codec.ts";

/** Lua functions that the scripts of the stream share. */

/**
 * `trim(stream)` removes what no group needs any more: everything below the lowest entry that is pending or unread in any
 * group. Never by length, which would remove unread and pending entries without a trace.
 *
 * The position after the last delivered entry counts as unread only while its sequence is an exact number in Lua.
 */
export const TRIM: string = `
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
 * `field_of(fields, name)` is the value of an entry's field; `payload_of(fields)` is what an entry of ours holds, and whether
 * it holds several decisions; nothing for an entry that is not of ours.
 */
export const FIELDS: string = `
local function field_of(fields, name)
  for i = 1, #fields, 2 do
    if fields[i] == name then return fields[i + 1] end
  end
end

local function payload_of(fields)
  local version = field_of(fields, 'v')
  if version == '${ONE_DECISION}' then return field_of(fields, 'd'), false end
  if version == '${SEVERAL_DECISIONS}' then return field_of(fields, 'd'), true end
end
`;

/**
 * How decisions are counted where an entry may hold several. The server counts entries by itself; what they hold beyond one
 * decision each is their surplus. The progress of a shard is a hash with `appended`, the surplus of all entries since the
 * stream was last empty, and `open`, that of decisions that are not done. Each entry tells in its field `b` the surplus appended
 * before it, so that the surplus from any entry on is known without a look at the others.
 *
 * `surplus_from(stream, progress, start)` is the surplus of all entries from a position on. Entries that tell nothing, those
 * of others and of older versions, have none. Behind a hundred of them it is not looked further, and whatever is open counts.
 */
export const SURPLUS: string = `
local function counter_of(progress, name)
  return math.max(0, tonumber(redis.call('HGET', progress, name) or 0))
end

local function surplus_from(stream, progress, start)
  for _ = 1, 100 do
    local entry = redis.call('XRANGE', stream, start, '+', 'COUNT', 1)[1]
    if entry == nil then return 0 end
    local told = field_of(entry[2], 'b')
    if told then return math.max(0, counter_of(progress, 'appended') - tonumber(told)) end
    start = '(' .. entry[1]
  end
  return counter_of(progress, 'open')
end
`;

/**
 * `append(stream, progress, entries)` appends entries, each `{count, payload}`. With an empty stream the progress begins anew,
 * whatever has become of what was there.
 */
export const PUT: string = `
local function append(stream, progress, entries)
  local anew = redis.call('XLEN', stream) == 0
  local first = anew and 0 or counter_of(progress, 'appended')
  local appended = first
  for _, entry in ipairs(entries) do
    local version = entry.count > 1 and '${SEVERAL_DECISIONS}' or '${ONE_DECISION}'
    local told = string.format('%.0f', appended)
    redis.call('XADD', stream, '*', 'v', version, 'd', entry.payload, 'b', told)
    appended = appended + entry.count - 1
  end
  -- After the entries, which a server that is out of memory refuses only as long as nothing has been written.
  if anew then redis.call('DEL', progress) end
  if appended == first then return end
  redis.call('HSET', progress, 'appended', string.format('%.0f', appended))
  redis.call('HINCRBY', progress, 'open', appended - first)
end
`;

/**
 * `settle(...)` marks decisions of a pending entry as done, and acknowledges the entry with the last of them. The marks of an
 * entry that is done in part are a field of the progress, named by its id: a character for each decision, `x` if it is done.
 * Positions are counted from 0, as text with anything between them; none at all means every decision.
 */
export const SETTLE: string = `
local function settle(stream, progress, group, entry)
  local marks = redis.call('HGET', progress, entry.id)
  local known = marks ~= false
  if not known then marks = string.rep('.', entry.count) end
  local open = select(2, string.gsub(marks, '%.', ''))
  for position in string.gmatch(entry.positions, '%d+') do
    position = tonumber(position)
    marks = string.sub(marks, 1, position) .. 'x' .. string.sub(marks, position + 2)
  end
  local left = entry.positions == '' and 0 or select(2, string.gsub(marks, '%.', ''))
  if left == 0 then
    if redis.call('XACK', stream, group, entry.id) == 1 and open > 1 then
      redis.call('HINCRBY', progress, 'open', 1 - open)
    end
    if known then redis.call('HDEL', progress, entry.id) end
  -- Nothing is noted of an entry that nobody has in hand.
  elseif left < open and redis.call('XPENDING', stream, group, entry.id, entry.id, 1)[1] ~= nil then
    redis.call('HSET', progress, entry.id, marks)
    redis.call('HINCRBY', progress, 'open', left - open)
  end
end
`;
