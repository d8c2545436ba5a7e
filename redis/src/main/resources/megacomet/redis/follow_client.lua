#!lua
-- with owner.lua
-- with following.lua
-- with stream.lua
-- The application has a client follow something. A node that holds the client is told.
--
-- KEYS  following, owner, counters
-- ARGV  client, channel, how long what is followed is kept in ms, the most that may be followed, and of what is to be
--       followed: name, tag, position's epoch and number (both 0 for a pattern), 1 for a pattern (else 0), tags of all that
--       cover it, its beginning (empty for a topic)
-- reply 1 if the client follows it from now on, 0 if it did before, -1 if it would follow too much

local followingKey, ownerKey, counters = KEYS[1], KEYS[2], KEYS[3]
local client, channel, lifeMs, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local name, tag, epoch, number, isPattern = ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local covers, beginning = ARGV[10], ARGV[11]

if redis.call('HEXISTS', followingKey, name) == 1 then
  redis.call('PEXPIRE', followingKey, lifeMs)
  return 0
end
if redis.call('HLEN', followingKey) >= most then
  return -1
end
redis.call('HSET', followingKey, name, packFollowing({
  tag = tag, epoch = epoch, number = number, isPattern = isPattern, covers = covers, beginning = beginning
}))
redis.call('PEXPIRE', followingKey, lifeMs)
local owner = loadOwner(ownerKey)
if owner then
  sendWake(channel, owner, startWake(WAKE_FOLLOWS, masterEpoch(), counters, owner, client))
end
return 1
