#!lua flags=allow-oom
-- Revokes those tokens of a client that were issued before a time. May run when memory is short: it must not be possible to keep
-- a thief in by filling Redis.
--
-- KEYS  revocations: a stream, an entry each with client, before (epoch s) and until (epoch ms: no such token lives longer)
-- ARGV  the client, before or 0 for the next whole second, for how many ms a token may live, most entries
-- reply before, or -1 if there are as many entries as may be
--
-- Entries go when no token of theirs can be alive. Ids are times, so that is known by them.

local revocations, client, before, lifeMs, most =
  KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('XTRIM', revocations, 'MINID', string.format('%.0f', nowMs - lifeMs))
if redis.call('XLEN', revocations) >= most then
  return -1
end
local next = time[1] + 1
if before == 0 or before > next then
  before = next
end
redis.call('XADD', revocations, '*',
  'client', client, 'before', string.format('%.0f', before), 'until', string.format('%.0f', nowMs + lifeMs))
redis.call('PEXPIRE', revocations, string.format('%.0f', lifeMs))
return before
