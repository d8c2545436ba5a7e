-- with stream.lua
-- A node asks one master how many wakes it was sent in each of its partitions, to compare with those that it saw.
--
-- KEYS  none: a partition may be on its way to another master, and one such key would refuse them all
-- ARGV  node, then the counters' key of each partition
-- reply epoch, clock in ms, then a count for each partition: 0 if it never had a wake, -1 if it is not here
--
-- Without the first line that newer scripts have, because Redis lets only such a script touch keys of many slots.

local node = ARGV[1]
local reply = {masterEpoch(), math.floor(clockMicros() / 1000)}
for i = 2, #ARGV do
  local count = redis.pcall('HGET', ARGV[i], node)
  if type(count) == 'table' then
    reply[i + 1] = -1
  else
    reply[i + 1] = tonumber(count or 0)
  end
end
return reply
