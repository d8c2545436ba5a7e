#!lua flags=allow-oom
-- Ends a session. What the client was held by is ended by delete.lua.
--
-- KEYS  session, following, sessions
-- ARGV  client
-- reply 1, or 0 if there was none

local key, followingKey, sessions = KEYS[1], KEYS[2], KEYS[3]
local client = ARGV[1]

redis.call('DEL', followingKey)
redis.call('ZREM', sessions, client)
return redis.call('DEL', key)
