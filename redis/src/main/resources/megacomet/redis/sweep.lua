#!lua flags=allow-oom
-- Removes the counters of nodes that are no more, from one partition.
--
-- KEYS  counters
-- ARGV  the nodes that are gone
-- reply how many were removed

return redis.call('HDEL', KEYS[1], unpack(ARGV))
