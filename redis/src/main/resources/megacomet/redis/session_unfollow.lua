#!lua flags=allow-oom
-- with owner.lua
-- with stream.lua
-- A session follows topics and patterns no more. A node that holds its connect is told.
--
-- KEYS  following, owner, counters
-- ARGV  client, channel, the most that may be followed, and then the names, no more than that
-- reply how many of them it followed

local followingKey, ownerKey, counters = KEYS[1], KEYS[2], KEYS[3]
local client, channel, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local FIRST = 4
-- The caller has checked it; a longer list would block this master for everybody.
assert(#ARGV - FIRST + 1 <= most, 'more names than a session may follow')

local removed = 0
for i = FIRST, #ARGV do
  removed = removed + redis.call('HDEL', followingKey, ARGV[i])
end
local owner = removed > 0 and loadOwner(ownerKey)
if owner then
  sendWake(channel, owner, startWake(WAKE_FOLLOWS, masterEpoch(), counters, owner, client))
end
return removed
