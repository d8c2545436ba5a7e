#!lua
-- with session.lua
-- Begins a session.
--
-- KEYS  session, following, sessions
-- ARGV  client, who, 1 if it acknowledges (else 0), how long it may be without a message, in ms; whose it is: the hash of a
--       browser's cookie, '-' for nobody's in particular, '' if its next message decides
-- reply 1

local key, followingKey, sessions = KEYS[1], KEYS[2], KEYS[3]
local client, who, isAcking, lifeMs, browser = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]), ARGV[5]

redis.call('SET', key, cmsgpack.pack({
  format = SESSION_FORMAT, who = who, browser = browser, n = 0, id = '', active = nowMillis(), isAcking = isAcking, cursor = '', sent = '',
  batch = 0, batches = {}
}), 'PX', lifeMs)
redis.call('ZREMRANGEBYSCORE', sessions, '-inf', nowMillis())
keepSession(key, followingKey, sessions, client, lifeMs, false)
return 1
