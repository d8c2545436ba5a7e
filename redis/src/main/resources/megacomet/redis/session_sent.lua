#!lua flags=allow-oom
-- with session.lua
-- A connect is about to be answered: notes how far the client is once it has that.
--
-- KEYS  session, following, sessions
-- ARGV  client, the connect's number, how far the client will be, how long the session lives after this, in ms
-- reply -1 if a later connect has come, or the session is gone: then nobody waits for the answer; else the number of the
--       batch, 0 without acknowledgements

local key, followingKey, sessions = KEYS[1], KEYS[2], KEYS[3]
local client, n, cursor, lifeMs = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])

local s = loadSession(key)
if not s or s.n ~= n then
  return -1
end
if s.isAcking then
  s.batch = s.batch + 1
  s.batches[#s.batches + 1] = {s.batch, cursor}
  if #s.batches > MAX_BATCHES then
    table.remove(s.batches, 1)
  end
else
  s.sent = cursor
end
saveSession(key, s)
keepSession(key, followingKey, sessions, client, lifeMs, false)
return s.isAcking and s.batch or 0
