#!lua
-- with stream.lua
-- with owner.lua
-- with due.lua
-- Appends messages to one client's mailbox and wakes its owner.
--
-- KEYS  state, list, owner, counters, ids (how many ids were kept, a field a minute), due (see due.lua), and then, for
--       each message that has an id and in their order, the key that remembers it
-- ARGV  client, channel (a node's name completes it), most messages and most bytes of a mailbox, longest envelope that a
--       wake carries, most ids of a partition within their time;
--       then for each message: life in ms, fingerprint of its body if it has an id (else empty), data
-- reply clock in ms, and then for each message a verdict and its number:
--       1 queued, nobody listened · 2 sent, the owner was woken · 3 refused: same id, another body · 4 refused: too many
--       ids. A repeated id is answered as it was the first time.
--
-- A message that does not fit drives out the oldest. One script a target is in flight at a time (see Lanes.java), so that
-- messages keep their order when one must be sent again.

local QUEUED, SENT, CONFLICT, TOO_MANY_IDS = 1, 2, 3, 4
local ID = '>c16I8B'
local ID_LIFE_MS = 300000
local ID_MINUTES = 6

local stateKey, list, ownerKey, counters, ids, due = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local client, channel = ARGV[1], ARGV[2]
local maxMessages, maxBytes = tonumber(ARGV[3]), tonumber(ARGV[4])
local maxWakeBytes, maxIds = tonumber(ARGV[5]), tonumber(ARGV[6])
local FIRST_MESSAGE, ARGUMENTS_A_MESSAGE, FIRST_ID = 7, 3, 7

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local minute = math.floor(nowMs / 60000)
local epoch = masterEpoch()
local state = loadState(stateKey, epoch, nowUs)
local owner = loadOwner(ownerKey)
local reply = {nowMs}
local wakes = {}
local latestExpiry = 0
local keptIds = nil

-- Whether the partition keeps as many ids as it may. Counted by the minute, so that the count falls as they are forgotten.
local function areIdsFull()
  if not keptIds then
    keptIds = 0
    local counts = redis.call('HGETALL', ids)
    for i = 1, #counts, 2 do
      if tonumber(counts[i]) <= minute - ID_MINUTES then
        redis.call('HDEL', ids, counts[i])
      else
        keptIds = keptIds + tonumber(counts[i + 1])
      end
    end
  end
  return keptIds >= maxIds
end

local function rememberId(key, fingerprint, number, verdict)
  redis.call('SET', key, struct.pack(ID, fingerprint, number, verdict), 'PX', ID_LIFE_MS)
  redis.call('HINCRBY', ids, string.format('%.0f', minute), 1)
  redis.call('PEXPIRE', ids, ID_MINUTES * 60000)
  keptIds = keptIds + 1
end

-- Takes every dead message from the list, not just those at its head.
local function dropDead()
  local live, soonest = {}, nil
  state.bytes = 0
  for _, envelope in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    if expiry > nowMs then
      live[#live + 1] = envelope
      state.bytes = state.bytes + #envelope
      soonest = math.min(soonest or expiry, expiry)
    else
      state.expired = state.expired + 1
      if number > state.floor then
        state.floor = number
        state.reason = EXPIRED
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
  state.soonest = soonest or 0
end

-- Makes room for an envelope of so many bytes: the dead go first, then the oldest.
local function makeRoom(bytes)
  local function isFull()
    return redis.call('LLEN', list) >= maxMessages or state.bytes + bytes > maxBytes
  end
  if not isFull() then
    return
  end
  dropHead(state, list, nowMs)
  if isFull() and state.soonest <= nowMs then
    dropDead()
  end
  while isFull() do
    local oldest = redis.call('LPOP', list)
    if not oldest then
      state.bytes = 0
      return
    end
    local _, _, number = struct.unpack(ENVELOPE, oldest)
    state.floor = math.max(state.floor, number)
    state.reason = OVERFLOW
    state.overflowed = state.overflowed + 1
    state.bytes = math.max(0, state.bytes - #oldest)
  end
end

-- Appends one message and returns its number.
local function append(lifeMs, data)
  local before = 0
  if state then
    before = state.last
  else
    state = newState(epoch, nowUs)
  end
  makeRoom(26 + #data)
  local number, expiry = state.last + 1, nowMs + lifeMs
  local envelope = struct.pack(ENVELOPE, 1, 0, number, nowMs, expiry) .. data
  if redis.call('RPUSH', list, envelope) == 1 then
    state.bytes = 0
    state.soonest = expiry
    latestExpiry = expiry
    redis.call('PEXPIREAT', list, expiry)
  end
  state.last = number
  state.bytes = state.bytes + #envelope
  state.soonest = math.min(state.soonest, expiry)
  state.keep = math.max(state.keep, expiry + STATE_OUTLIVES_MS)
  latestExpiry = math.max(latestExpiry, expiry)
  if owner then
    wakes[#wakes + 1] = {before = before, number = number, envelope = envelope}
  end
  return number
end

-- First everything is written, then wakes go out: what is woken for must be there.
local answers, nextId = {}, FIRST_ID
for i = FIRST_MESSAGE, #ARGV, ARGUMENTS_A_MESSAGE do
  local lifeMs, fingerprint, data = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  local answer = {}
  if #fingerprint > 0 then
    answer.id, answer.fingerprint = KEYS[nextId], fingerprint
    nextId = nextId + 1
    local known = redis.call('GET', answer.id)
    if known then
      local knownFingerprint, number, verdict = struct.unpack(ID, known)
      answer.number = number
      answer.verdict = knownFingerprint == fingerprint and verdict or CONFLICT
    elseif areIdsFull() then
      answer.number, answer.verdict = 0, TOO_MANY_IDS
    end
  end
  if not answer.verdict then
    answer.number, answer.verdict = append(lifeMs, data), QUEUED
    if answer.id then
      rememberId(answer.id, fingerprint, answer.number, QUEUED)
    end
  end
  answers[#answers + 1] = answer
end
if latestExpiry > 0 then
  saveState(stateKey, state)
  redis.call('PEXPIREAT', list, latestExpiry + LISTS_OUTLIVE_MS, 'GT')
  noteDue(due, client, state.overflowed > 0 and 0 or state.soonest, latestExpiry + LISTS_OUTLIVE_MS)
end

local sent = {}
for _, w in ipairs(wakes) do
  local wake = startWake(WAKE_MESSAGE, epoch, counters, owner, client) .. struct.pack('>I8I8', w.before, w.number)
  if #w.envelope <= maxWakeBytes then
    wake = wake .. w.envelope
  end
  sent[w.number] = sendWake(channel, owner, wake)
end
for _, answer in ipairs(answers) do
  if answer.verdict == QUEUED and sent[answer.number] then
    answer.verdict = SENT
    if answer.id then
      redis.call('SET', answer.id, struct.pack(ID, answer.fingerprint, answer.number, SENT), 'KEEPTTL')
    end
  end
  reply[#reply + 1] = answer.verdict
  reply[#reply + 1] = answer.number
end
return reply
