#!lua
-- Appends events to the log.
--
-- KEYS  events: a Redis stream
-- ARGV  about how many events are kept, for how long after the last one in ms, then the events
-- reply the last event's id

local events, most, lifeMs = KEYS[1], ARGV[1], ARGV[2]
local FIRST_EVENT = 3

local id
for i = FIRST_EVENT, #ARGV do
  id = redis.call('XADD', events, 'MAXLEN', '~', most, '*', 'event', ARGV[i])
end
redis.call('PEXPIRE', events, lifeMs)
return id
