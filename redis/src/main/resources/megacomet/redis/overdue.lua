-- Tells one master's mailboxes that should be looked into (see due.lua).
--
-- KEYS  none: a partition may be on its way to another master, and one such key would refuse them all
-- ARGV  how long ago it must have been due, in ms; most clients of a partition; then the index of each partition
-- reply for each partition an array of clients
--
-- Without the first line that newer scripts have, because Redis lets only such a script touch keys of many slots.

local graceMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local FIRST_INDEX = 3

local time = redis.call('TIME')
local upToMs = time[1] * 1000 + math.floor(time[2] / 1000) - graceMs
local reply = {}
for i = FIRST_INDEX, #ARGV do
  local clients = redis.pcall('ZRANGEBYSCORE', ARGV[i], '-inf', upToMs, 'LIMIT', 0, most)
  reply[#reply + 1] = clients.err and {} or clients
end
return reply
