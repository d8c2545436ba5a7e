#!lua
-- with session.lua
-- with owner.lua
-- with following.lua
-- with stream.lua
-- A session follows topics and patterns, all of them or none. A node that holds its connect is told.
--
-- KEYS  session, following, owner, counters
-- ARGV  client, channel, the most that may be followed, how many of those may be patterns, and then of each that is to be
--       followed: name, tag, position's epoch and number (both 0 for a pattern), 1 for a pattern (else 0), tags of all that
--       cover it, its beginning (empty for a topic)
-- reply how many of them it did not follow before, -1 if it would follow too much, -2 if there is no such session

local key, followingKey, ownerKey, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local client, channel, most, mostPatterns = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST, FIELDS = 5, 7
-- The caller has checked it; a longer list would block this master for everybody.
assert(#ARGV - FIRST + 1 <= most * FIELDS, 'more to follow than a session may')

local untilMs = redis.call('PEXPIRETIME', key)
if untilMs < 0 then
  return -2
end
local all, patterns, followed = 0, 0, {}
for _, f in ipairs(loadFollowing(followingKey) or {}) do
  all, patterns, followed[f.name] = all + 1, patterns + f.isPattern, true
end
local new = {}
for i = FIRST, #ARGV, FIELDS do
  local f = {
    name = ARGV[i], tag = ARGV[i + 1], epoch = tonumber(ARGV[i + 2]), number = tonumber(ARGV[i + 3]),
    isPattern = tonumber(ARGV[i + 4]), covers = ARGV[i + 5], beginning = ARGV[i + 6]
  }
  if not followed[f.name] then
    all, patterns, followed[f.name] = all + 1, patterns + f.isPattern, true
    new[#new + 1] = f
  end
end
if all > most or patterns > mostPatterns then
  return -1
end
for _, f in ipairs(new) do
  redis.call('HSET', followingKey, f.name, packFollowing(f))
end
if #new > 0 then
  redis.call('PEXPIREAT', followingKey, untilMs)
  local owner = loadOwner(ownerKey)
  if owner then
    sendWake(channel, owner, startWake(WAKE_FOLLOWS, masterEpoch(), counters, owner, client))
  end
end
return #new
