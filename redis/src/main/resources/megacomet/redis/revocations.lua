#!lua flags=no-writes
-- Reads what was revoked.
--
-- KEYS  revocations (see revoke.lua)
-- ARGV  the id from which to read on, or - for the beginning; most entries
-- reply for each entry its id, client, before (epoch s) and until (epoch ms)

local reply = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])) do
  reply[#reply + 1] = entry[1]
  reply[#reply + 1] = entry[2][2]
  reply[#reply + 1] = entry[2][4]
  reply[#reply + 1] = entry[2][6]
end
return reply
