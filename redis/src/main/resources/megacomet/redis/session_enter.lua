#!lua flags=allow-oom
-- with session.lua
-- with owner.lua
-- A message of a session came in that is no connect, or a connect that is but a sign of life.
--
-- KEYS  session, following, sessions, owner
-- ARGV  client, hash of the browser's cookie ('' if it sent none), 1 if only browsers with one may (else 0), how long the
--       session lives after this at least, in ms; 1 if it is a connect (else 0), after how long without anything else a session
--       is inactive, in ms, 0 for never
-- reply 'unknown' if there is no such session for this browser, 'cookieless' if it is for a browser with a cookie and this one
--       sent none, 'inactive' if it is that; else 'known', who, and of a connect also the transport by which the session's client is held (0: nobody holds it), 1 if a stream beside its connects was
--       opened a moment ago (else 0)

local key, followingKey, sessions, ownerKey = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local client, browser, isStrict = ARGV[1], ARGV[2], ARGV[3] == '1'
local lifeMs, isConnect, inactiveMs = tonumber(ARGV[4]), ARGV[5] == '1', tonumber(ARGV[6])

local s = loadSession(key)
local refused = refusal(s, browser, isStrict)
if refused then
  return refused
end
if isConnect and isInactive(s, inactiveMs) then
  return {'inactive'}
end
if not isConnect and inactiveMs > 0 and nowMillis() - s.active > inactiveMs / 20 then
  s.active = nowMillis()
  s.isChanged = true
end
if s.isChanged then
  s.isChanged = nil
  saveSession(key, s)
end
keepSession(key, followingKey, sessions, client, lifeMs, true)
if not isConnect then
  return {'known', s.who}
end
local owner = loadOwner(ownerKey)
return {'known', s.who, owner and owner.transport or 0, isStreamOpening(s) and 1 or 0}
