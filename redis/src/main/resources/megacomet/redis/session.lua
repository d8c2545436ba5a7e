-- What the scripts know of a Bayeux session. Put in front of every script that says `-- with session.lua`.
--
-- The session is one string, a map by MessagePack:
--   format   1
--   who      who it is and what it may do; opaque (see the gateway's Visitor)
--   browser  whose it is: the hash of that browser's cookie, NO_BROWSER, or '' until its first message after the handshake
--            decides; it never changes after that
--   n        how many connects it has sent: of two that are held the later wins
--   id       of the latest connect, as it stood there
--   active   when it last did anything but connect, epoch ms, as exactly as that matters
--   isAcking true if it acknowledges batches
--   cursor   how far the client is known to be; '' at first
--   sent     without acknowledgements, over HTTP: how far it is if the latest reply arrived; '' if it had no messages
--   streamed when a stream beside its connects was opened last, epoch ms; absent if none was
--   batch    with them: the number of the latest reply
--   setBack  with them: a batch that the client had from another master, whose progress is not known here; until it acknowledges
--            a later one, and so has been told; absent if there is none
--   batches  with them: for each that is not acknowledged, oldest first, its number and how far the client is with it
--
-- It expires together with what the session follows (following.lua). `sessions` is a sorted set of a partition's sessions
-- by when they expire, so that they can be counted.

local SESSION_FORMAT = 1
local NO_BROWSER = '-'
local MAX_BATCHES = 16
local MOST_BATCHES = 2 ^ 50
local STREAM_OPENING_MS = 5000

local function loadSession(key)
  local packed = redis.call('GET', key)
  if not packed then
    return nil
  end
  local s = cmsgpack.unpack(packed)
  assert(s.format == SESSION_FORMAT, 'a session of another format')
  return s
end

-- Keeps it for as long as it has left.
local function saveSession(key, s)
  redis.call('SET', key, cmsgpack.pack(s), 'KEEPTTL')
end

local function nowMillis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Lets a session expire lifeMs from now; with atLeast only if that is later than it would.
local function keepSession(key, followingKey, sessions, client, lifeMs, atLeast)
  local untilMs = nowMillis() + lifeMs
  if atLeast and redis.call('PEXPIRETIME', key) >= untilMs then
    return
  end
  redis.call('PEXPIREAT', key, untilMs)
  redis.call('PEXPIREAT', followingKey, untilMs)
  redis.call('ZADD', sessions, untilMs, client)
  if redis.call('PEXPIRETIME', sessions) < untilMs then
    redis.call('PEXPIREAT', sessions, untilMs)
  end
end

-- Whether it has done nothing but connect for too long; 0 for never.
local function isInactive(s, inactiveMs)
  return inactiveMs > 0 and nowMillis() - s.active > inactiveMs
end

-- Whether a stream was opened a moment ago: it may not hold the session yet. Faye sends its first connect beside it as a poll.
local function isStreamOpening(s)
  return s.streamed ~= nil and nowMillis() - s.streamed < STREAM_OPENING_MS
end

-- Lets a message into its session, or returns why not: {'unknown'} if there is no session or it belongs to another browser,
-- {'cookieless'} if the message brought no cookie and the session is only for one that does. Every message is checked. If the
-- handshake brought no cookie, the first message after it decides whose the session is, once and for all.
local function refusal(s, browser, isStrict)
  if not s then
    return {'unknown'}
  end
  if s.browser == '' and (browser ~= '' or not isStrict) then
    s.browser = browser ~= '' and browser or NO_BROWSER
    s.isChanged = true
  end
  if s.browser == NO_BROWSER or browser ~= '' and s.browser == browser then
    return nil
  end
  return browser == '' and {'cookieless'} or {'unknown'}
end
