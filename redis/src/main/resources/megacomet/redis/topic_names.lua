#!lua flags=no-writes
-- Lists topics of one partition: those that are followed by name, and those whose state is still kept.
--
-- KEYS  names (a sorted set of topics by when their state goes), followed (see topics.lua)
-- ARGV  what their names begin with; what may come after that: nothing (empty), one segment (*) or any (**); how many are
--       wanted
-- reply the names, in their order, each once

local names, followed = KEYS[1], KEYS[2]
local prefix, rest, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

local PRIVATE = 'user/' -- what no pattern matches begins with this segment: see Topic.java

local function isWanted(name)
  if string.sub(name, 1, #prefix) ~= prefix or string.find(name, '*', 1, true) then
    return false
  end
  if rest == '' then
    return #name == #prefix
  end
  if string.sub(name .. '/', 1, #PRIVATE) == PRIVATE then
    return false
  end
  return #name > #prefix and (rest == '**' or not string.find(name, '/', #prefix + 1, true))
end

local seen, found = {}, {}
local function take(name)
  if not seen[name] and isWanted(name) then
    seen[name] = true
    found[#found + 1] = name
  end
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', names, string.format('(%.0f', nowMs), '+inf')) do
  take(name)
end
for _, name in ipairs(redis.call('HKEYS', followed)) do
  take(name)
end
table.sort(found)
for i = #found, limit + 1, -1 do
  found[i] = nil
end
return found
