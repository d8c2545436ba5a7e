#!lua flags=no-writes
-- Lists what the application has a client follow.
--
-- KEYS  following (see following.lua)
-- reply the names

return redis.call('HKEYS', KEYS[1])
