#!lua flags=no-writes
-- Reads the log of events.
--
-- KEYS  events (see tell.lua)
-- ARGV  the id after which to read, or $ for none but the last id; most events
-- reply the id up to which this was read ('0-0' if there never was an event), 1 if events may be missing before these
--       because they are not kept any more, else 0; then for each event its id and text

local events, after, most = KEYS[1], ARGV[1], tonumber(ARGV[2])

if after == '$' then
  local last = redis.call('XREVRANGE', events, '+', '-', 'COUNT', 1)
  return {last[1] and last[1][1] or '0-0', 0}
end
local found = redis.call('XRANGE', events, '(' .. after, '+', 'COUNT', most)
local reply = {after, 0}
if found[1] and after ~= '0-0' and #redis.call('XREVRANGE', events, after, '-', 'COUNT', 1) == 0 then
  reply[2] = 1
end
for _, entry in ipairs(found) do
  reply[1] = entry[1]
  reply[#reply + 1] = entry[1]
  reply[#reply + 1] = entry[2][2]
end
return reply
