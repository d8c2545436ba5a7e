#!lua flags=no-writes
-- Tells whether a session is there.
--
-- KEYS  session
-- reply 1, or 0

return redis.call('EXISTS', KEYS[1])
