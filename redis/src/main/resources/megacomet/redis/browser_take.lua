#!lua flags=allow-oom
-- A session's connect wants one of the few places that all sessions of its browser have for connects that are held.
--
-- KEYS  browser, a sorted set: a field is a client that has a place, its score when its lease ends, epoch ms
-- ARGV  client, how many places there are, how long the lease is, in ms
-- reply 'taken'; or 'full', and those who have the places

local key = KEYS[1]
local client, places, leaseMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', key, '-inf', nowMs)
if not redis.call('ZSCORE', key, client) and redis.call('ZCARD', key) >= places then
  local reply = redis.call('ZRANGE', key, 0, -1)
  table.insert(reply, 1, 'full')
  return reply
end
redis.call('ZADD', key, nowMs + leaseMs, client)
if redis.call('PEXPIRETIME', key) < nowMs + leaseMs then
  redis.call('PEXPIRE', key, leaseMs)
end
return {'taken'}
