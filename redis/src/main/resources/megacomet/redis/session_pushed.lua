#!lua flags=allow-oom
-- with session.lua
-- Messages were pushed to a session, beside its connects: notes how far the client is.
--
-- KEYS  session
-- ARGV  number of the latest connect that came where they were pushed, how far the client is
-- reply 1, or 0 if the session is elsewhere by now, or gone

local key = KEYS[1]
local n, cursor = tonumber(ARGV[1]), ARGV[2]

local s = loadSession(key)
if not s or s.n ~= n then
  return 0
end
s.cursor, s.sent = cursor, ''
saveSession(key, s)
return 1
