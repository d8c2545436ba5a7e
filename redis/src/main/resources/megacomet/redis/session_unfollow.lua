#!lua flags=allow-oom
-- with owner.lua
-- with stream.lua
-- A session follows topics and patterns no more. A node that holds its connect is told.
--
-- KEYS  following, owner, counters
-- ARGV  client, channel, and then the names
-- reply how many of them it followed

local followingKey, ownerKey, counters = KEYS[1], KEYS[2], KEYS[3]
local client, channel = ARGV[1], ARGV[2]
local FIRST = 3

local removed = 0
for i = FIRST, #ARGV do
  removed = removed + redis.call('HDEL', followingKey, ARGV[i])
end
local owner = removed > 0 and loadOwner(ownerKey)
if owner then
  sendWake(channel, owner, startWake(WAKE_FOLLOWS, masterEpoch(), counters, owner, client))
end
return removed
