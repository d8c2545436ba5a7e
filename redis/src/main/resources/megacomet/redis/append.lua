-- What the scripts that publish have in common: making room in a list, appending to it, and knowing ids again.
-- Put in front of every script that says `-- with append.lua`, after stream.lua.

local QUEUED, SENT, CONFLICT, TOO_MANY_IDS, DROPPED, NOT_BEGUN = 1, 2, 3, 4, 5, 6
local ID = '>c16I8B'
local ID_LIFE_MS = 300000
local ID_MINUTES = 6

-- Takes every dead message from the list, not just those at its head.
local function dropDead(s, list, nowMs)
  local live, soonest = {}, nil
  s.bytes = 0
  for _, envelope in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    if expiry > nowMs then
      live[#live + 1] = envelope
      s.bytes = s.bytes + #envelope
      soonest = math.min(soonest or expiry, expiry)
    else
      noteExpired(s, 1, number)
      if number > s.floor then
        s.floor = number
        s.reason = EXPIRED
      end
    end
  end
  local listExpiry = redis.call('PEXPIRETIME', list)
  redis.call('DEL', list)
  for i = 1, #live, 1000 do
    redis.call('RPUSH', list, unpack(live, i, math.min(i + 999, #live)))
  end
  if #live > 0 then
    redis.call('PEXPIREAT', list, listExpiry)
  end
  s.count = #live
  s.soonest = soonest or 0
end

-- Makes room for an envelope of so many bytes: the dead go first, then the oldest.
local function makeRoom(s, list, bytes, nowMs, maxMessages, maxBytes)
  local function isFull()
    return s.count >= maxMessages or s.bytes + bytes > maxBytes
  end
  dropHead(s, list, nowMs, 1)
  if isFull() and s.soonest <= nowMs then
    dropDead(s, list, nowMs)
  end
  while isFull() do
    local oldest = redis.call('LPOP', list)
    if not oldest then
      s.count, s.bytes = 0, 0
      return
    end
    local _, _, number = struct.unpack(ENVELOPE, oldest)
    s.floor = math.max(s.floor, number)
    s.reason = OVERFLOW
    s.count = math.max(0, s.count - 1)
    s.bytes = math.max(0, s.bytes - #oldest)
    s.overflowed = s.overflowed + 1
    s.overflowedUpTo = number
  end
end

-- Appends an envelope, whose number is the state's next, to the list.
local function append(s, list, envelope, number, expiry, nowMs, maxMessages, maxBytes)
  if s.count >= maxMessages or s.bytes + #envelope > maxBytes then
    makeRoom(s, list, #envelope, nowMs, maxMessages, maxBytes)
  end
  local length = redis.call('RPUSH', list, envelope)
  if length == 1 then
    noteGone(s)
    -- As long as the last soonest has not come, the mailbox is noted for it, and that holds of this message, too: see due.lua.
    s.soonest = s.soonest > nowMs and s.soonest or expiry
    s.listExpiry = expiry
    redis.call('PEXPIREAT', list, string.format('%d', expiry))
  end
  s.count = length
  s.bytes = s.bytes + #envelope
  s.soonest = math.min(s.soonest, expiry)
  s.tail = number
end

-- The ids of a partition are counted in a hash, by the minute, so that the count falls as they are forgotten.
local keptIds = {}

local function areIdsFull(ids, most, minute)
  if not keptIds[ids] then
    local kept = 0
    local counts = redis.call('HGETALL', ids)
    for i = 1, #counts, 2 do
      if tonumber(counts[i]) <= minute - ID_MINUTES then
        redis.call('HDEL', ids, counts[i])
      else
        kept = kept + tonumber(counts[i + 1])
      end
    end
    keptIds[ids] = kept
  end
  return keptIds[ids] >= most
end

local function rememberId(ids, minute, id, fingerprint, number, verdict)
  redis.call('SET', id, struct.pack(ID, fingerprint, number, verdict), 'PX', ID_LIFE_MS)
  redis.call('HINCRBY', ids, string.format('%.0f', minute), 1)
  redis.call('PEXPIRE', ids, ID_MINUTES * 60000)
  keptIds[ids] = keptIds[ids] + 1
end

-- Has `take(i)` append each message that begins at ARGV[i], from first to last, with its life and its fingerprint, and return
-- its number; but not those whose id is known or cannot be remembered. The keys of ids begin at KEYS[nextId]. Returns an
-- answer for each.
local function takeAll(first, last, argumentsAMessage, nextId, ids, maxIds, nowMs, unheard, take)
  local answers, minute = {}, math.floor(nowMs / 60000)
  for i = first, last, argumentsAMessage do
    local fingerprint, id, answer = ARGV[i + 1], nil, nil
    if #fingerprint > 0 then
      id = KEYS[nextId]
      nextId = nextId + 1
      local known = redis.call('GET', id)
      if known then
        local knownFingerprint, number, verdict = struct.unpack(ID, known)
        -- As it is: a WAIT on this connection then waits for what was written with it, whichever connection wrote that.
        redis.call('SET', id, known, 'KEEPTTL')
        answer = {number = number, verdict = knownFingerprint == fingerprint and verdict or CONFLICT}
      elseif areIdsFull(ids, maxIds, minute) then
        answer = {number = 0, verdict = TOO_MANY_IDS}
      end
    end
    if not answer then
      answer = {number = take(i), verdict = unheard, isNew = true, id = id, fingerprint = fingerprint}
      if id then
        rememberId(ids, minute, id, fingerprint, answer.number, unheard)
      end
    end
    answers[#answers + 1] = answer
  end
  return answers
end

-- Appends to reply a verdict and a number for each message. `sent` has the numbers of those for which somebody listened.
local function answerAll(reply, answers, sent)
  for _, answer in ipairs(answers) do
    if answer.isNew and sent[answer.number] then
      answer.verdict = SENT
      if answer.id then
        redis.call('SET', answer.id, struct.pack(ID, answer.fingerprint, answer.number, SENT), 'KEEPTTL')
      end
    end
    reply[#reply + 1] = answer.verdict
    reply[#reply + 1] = answer.number
  end
  return reply
end
