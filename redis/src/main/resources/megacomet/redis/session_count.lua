-- with session.lua
-- Counts the sessions of some partitions of one master.
--
-- KEYS  none: a partition may be on its way to another master, and one such key would refuse them all
-- ARGV  the key `sessions` of each partition
-- reply how many; a partition that is not here counts as none
--
-- Without the first line that newer scripts have, because Redis lets only such a script touch keys of many slots.

local total, nowMs = 0, nowMillis()
for _, key in ipairs(ARGV) do
  local count = redis.pcall('ZCOUNT', key, nowMs, '+inf')
  total = total + (type(count) == 'number' and count or 0)
end
return total
