#!lua flags=allow-oom
-- Takes or keeps a post: work that one process of a deployment does at a time, and how far it has come.
--
-- KEYS  post: a hash of holder, until (epoch ms) and position
-- ARGV  who wants it, for how many ms (0 gives it up), and a position to note, or empty for none
-- reply 1 if it is theirs, else 0; and the position, empty if none was ever noted
--
-- A position is noted by the holder alone, so that one who was taken for dead does not set it back.

local post, holder, leaseMs, position = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local FORGET_MS = 2592000000

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', post, 'holder', 'until', 'position')
if known[1] and known[1] ~= holder and tonumber(known[2]) > nowMs then
  return {0, known[3] or ''}
end
redis.call('HSET', post, 'holder', holder, 'until', nowMs + leaseMs)
if position ~= '' then
  redis.call('HSET', post, 'position', position)
end
redis.call('PEXPIRE', post, FORGET_MS)
return {1, position ~= '' and position or known[3] or ''}
