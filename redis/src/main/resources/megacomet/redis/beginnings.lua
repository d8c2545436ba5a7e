-- with stream.lua
-- Tells where some partitions of one master are in the numbering that runs through all their topics.
--
-- KEYS  none: a partition may be on its way to another master, and one such key would refuse them all
-- ARGV  the key `passed` of each partition (see topics.lua)
-- reply epoch, and the latest number of each: 0 if no topic there ever had a message, -1 if the partition is not here
--
-- Without the first line that newer scripts have, because Redis lets only such a script touch keys of many slots.

local epoch, nowUs = masterEpoch(), clockMicros()
local reply = {epoch}
for i, key in ipairs(ARGV) do
  local isHere, passed = pcall(loadState, key, epoch, nowUs)
  if isHere and passed and passed.changed then
    saveState(key, passed)
  end
  reply[i + 1] = isHere and (passed and passed.last or 0) or -1
end
return reply
