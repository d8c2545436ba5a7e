#!lua flags=no-writes
-- Lists topics of one partition: those that are followed by name, and those whose state is still kept.
--
-- KEYS  names (a sorted set of topics by when their state goes), followed
-- ARGV  what their names begin with, 1 if a slash may come after that (else 0), the first segment of topics that are
--       private, with its slash, how many are wanted
-- reply the names, in their order, each once

local names, followed = KEYS[1], KEYS[2]
local prefix, isDeep, private, limit = ARGV[1], ARGV[2] == '1', ARGV[3], tonumber(ARGV[4])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local seen, found = {}, {}
local function take(name)
  local rest = string.sub(name, #prefix + 1)
  if not seen[name] and #rest > 0 and string.sub(name, 1, #prefix) == prefix
    and string.sub(name .. '/', 1, #private) ~= private
    and not string.find(name, '*', 1, true)
    and (isDeep or not string.find(rest, '/', 1, true)) then
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
