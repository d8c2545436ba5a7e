#!lua flags=allow-oom
-- with stream.lua
-- with topics.lua
-- with counts.lua
-- Removes what nodes that are no more left in one partition; counts of their clients an hour later than the rest.
--
-- KEYS  counters, followed, follows
-- ARGV  for each node: its name, and 1 if it is there, 0 if it is no more
-- reply how many counters, follows and counts were removed

local counters, followed, follows = KEYS[1], KEYS[2], KEYS[3]

local nowMs = math.floor(clockMicros() / 1000)
local isDead, removed = {}, 0

-- Whether a node's clients' records have all expired. One that is there again may go on with its clients, and its counts.
local function isLongGone(node)
  local field = SINCE .. node
  local since = tonumber(redis.call('HGET', follows, field) or nil)
  if not since then
    redis.call('HSET', follows, field, string.format('%.0f', nowMs))
    redis.call('PEXPIRE', follows, FOLLOWS_LIFE_MS, 'NX')
  end
  return since and nowMs - since > RECORD_LIFE_MS
end

for i = 1, #ARGV, 2 do
  if ARGV[i + 1] == '0' then
    isDead[ARGV[i]] = true
    removed = removed + redis.call('HDEL', counters, ARGV[i])
  end
end

local all = redis.call('HGETALL', followed)
for i = 1, #all, 2 do
  local entries, left = all[i + 1], {}
  for at = 1, #entries, ENTRY_BYTES do
    if isDead[string.sub(entries, at, at + NODE_BYTES - 1)] then
      removed = removed + 1
    else
      left[#left + 1] = string.sub(entries, at, at + ENTRY_BYTES - 1)
    end
  end
  if #left == 0 then
    redis.call('HDEL', followed, all[i])
  elseif #left * ENTRY_BYTES < #entries then
    redis.call('HSET', followed, all[i], table.concat(left))
  end
end

local countsOf = {}
for _, field in ipairs(redis.call('HKEYS', follows)) do
  local node = string.sub(field, TAG_BYTES + 1)
  countsOf[node] = countsOf[node] or {}
  table.insert(countsOf[node], field)
end
for i = 1, #ARGV, 2 do
  local node = ARGV[i]
  if countsOf[node] and not isDead[node] then
    redis.call('HDEL', follows, SINCE .. node)
  elseif countsOf[node] and isLongGone(node) then
    for _, field in ipairs(countsOf[node]) do
      removed = removed + redis.call('HDEL', follows, field)
    end
  end
end
return removed
