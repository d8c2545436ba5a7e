#!lua flags=allow-oom
-- with owner.lua
-- with stream.lua
-- What the application has a client follow ends. A node that holds the client is told.
--
-- KEYS  following, owner, counters
-- ARGV  client, channel, name
-- reply 1 if it was followed, else 0

local followingKey, ownerKey, counters = KEYS[1], KEYS[2], KEYS[3]
local client, channel, name = ARGV[1], ARGV[2], ARGV[3]

local removed = redis.call('HDEL', followingKey, name)
local owner = removed == 1 and loadOwner(ownerKey)
if owner then
  sendWake(channel, owner, startWake(WAKE_FOLLOWS, masterEpoch(), counters, owner, client))
end
return removed
