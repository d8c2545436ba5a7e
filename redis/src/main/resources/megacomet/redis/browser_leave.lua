#!lua flags=allow-oom
-- A session's connect gives its place back; see browser_take.lua.
--
-- KEYS  browser
-- ARGV  client
-- reply 1, or 0 if it had none

return redis.call('ZREM', KEYS[1], ARGV[1])
