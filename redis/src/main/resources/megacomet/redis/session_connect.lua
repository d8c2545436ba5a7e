#!lua flags=allow-oom
-- with session.lua
-- A connect of a session came in. It confirms what the client has, as far as it tells.
--
-- KEYS  session, following, sessions
-- ARGV  client, hash of the browser's cookie ('' if it sent none), 1 if only browsers with one may (else 0), the message's id,
--       1 if it asks to be answered at once (else 0), the batch that it acknowledges ('' if it says none), 1 if messages are pushed beside the connect, 2 if this
--       opens a stream for that (else 0), how long the session lives after this if the connect is held, and if not, in ms;
--       after how long without anything but connects a session is inactive, in ms, 0 for never
-- reply 'unknown' if there is no such session for this browser, 'cookieless' if it is for a browser with a cookie and this one
--       sent none, 'inactive' if it is that; 'streamed', who, if a stream was
--       opened a moment ago, which is not to lose the session to a poll; else 'known', who, the connect's number, 1 if the
--       session acknowledges (else 0), from where on the client wants messages, 1 if it was further at another master, which
--       it must be told (else 0)
--
-- Without acknowledgements a connect confirms what was sent last, unless it hints that this did not arrive: clients ask to
-- be answered at once after a failure, or repeat the message. Then it is sent again. It is the same for a client that has
-- polled and goes on where messages are pushed: what its last poll was answered with does not come a second time.

local key, followingKey, sessions = KEYS[1], KEYS[2], KEYS[3]
local client, browser, isStrict = ARGV[1], ARGV[2], ARGV[3] == '1'
local id, isHurried, acknowledged, pushed = ARGV[4], ARGV[5] == '1', tonumber(ARGV[6]), tonumber(ARGV[7])
local heldLifeMs, shortLifeMs, inactiveMs = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])

local s = loadSession(key)
local refused = refusal(s, browser, isStrict)
if refused then
  return refused
end
s.isChanged = nil
if isInactive(s, inactiveMs) then
  return {'inactive'}
end

if pushed == 0 and isStreamOpening(s) then
  keepSession(key, followingKey, sessions, client, heldLifeMs, true)
  return {'streamed', s.who}
end
if s.isAcking then
  while acknowledged and s.batches[1] and s.batches[1][1] <= acknowledged do
    s.cursor = s.batches[1][2]
    table.remove(s.batches, 1)
  end
  -- A batch that this master never gave: the one before it did, and was lost with it. Its number is not given again, or what the
  -- client says of that one would be taken for this one's.
  if acknowledged and acknowledged > s.batch and acknowledged < MOST_BATCHES then
    s.batch = acknowledged
    s.setBack = acknowledged
  elseif s.setBack and acknowledged and acknowledged > s.setBack then
    s.setBack = nil
  end
else
  local isLost = id ~= '' and id == s.id or isHurried
  if s.sent ~= '' and not isLost then
    s.cursor = s.sent
  end
  s.sent = ''
end
s.n = s.n + 1
if pushed == 2 then
  s.streamed = nowMillis()
end
s.id = id
saveSession(key, s)
local isFirst = s.n == 1
keepSession(key, followingKey, sessions, client, (isHurried or isFirst) and shortLifeMs or heldLifeMs, pushed > 0)
return {'known', s.who, s.n, s.isAcking and 1 or 0, s.cursor, s.setBack and 1 or 0}
