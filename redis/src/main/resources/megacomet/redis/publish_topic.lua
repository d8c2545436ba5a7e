#!lua
-- with stream.lua
-- with owner.lua
-- with append.lua
-- with topics.lua
-- Publishes messages to one topic and wakes the nodes that follow it.
--
-- KEYS  state, log, latest, passed, recent, followed, counters, names (a sorted set of topics by when their state goes),
--       ids (how many ids were kept, a field a minute; applications and browsers have one each), and then, for each message
--       that has an id and in their order, the key that remembers it
-- ARGV  topic, channel (a node's name completes it), mode, most messages and most bytes of the topic, longest envelope
--       that a wake carries, most ids of a partition within their time, longest index of a partition, 1 if the topic may
--       begin with these messages (else 0: it must have a state), how many patterns match the topic, those patterns;
--       then for each message: life in ms, fingerprint of its body if it has an id (else empty), data, key (may be empty)
-- reply clock in ms, the place of the message that began the topic, from 1 (0: none did), and then for each message a
--       verdict and its number:
--       1 kept, nobody listened · 2 sent, a node that follows was woken · 3 refused: same id, another body · 4 refused:
--       too many ids · 5 not kept, and nobody listened · 6 refused: the topic has no state and may not begin. A repeated id
--       is answered as it was the first time.
--
-- A message that does not fit drives out the oldest; of LATEST it drives out the one with the same key first. One script a
-- target is in flight at a time (see Publisher.java), so that messages keep their order when one must be sent again.

local stateKey, log, latest, passedKey, recent = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local followed, counters, names, idsKey = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local topic, channel, mode = ARGV[1], ARGV[2], tonumber(ARGV[3])
local maxMessages, maxBytes, maxWakeBytes = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local maxIds, maxRecent, mayBegin, patterns = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9] == '1', tonumber(ARGV[10])
local FIRST_PATTERN, ARGUMENTS_A_MESSAGE, FIRST_ID = 11, 4, 10

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()
local state = inMode(loadState(stateKey, epoch, nowUs), mode, log, latest)
local passed = loadState(passedKey, epoch, nowUs)
local wakes = {}
local latestExpiry = 0

-- The nodes that follow the topic or a pattern that matches it, each with its loops, in the order in which they came.
local function followers()
  local nodes, seen = {}, {}
  for _, entries in ipairs(redis.call('HMGET', followed, topic, unpack(ARGV, FIRST_PATTERN, FIRST_PATTERN + patterns - 1))) do
    for i = 1, entries and #entries or 0, ENTRY_BYTES do
      local entry = string.sub(entries, i, i + ENTRY_BYTES - 1)
      if not seen[entry] then
        local name = string.sub(entry, 1, 11)
        seen[entry] = true
        if not seen[name] then
          seen[name] = {node = name, loops = {}}
          nodes[#nodes + 1] = seen[name]
        end
        local loops = seen[name].loops
        loops[#loops + 1] = string.sub(entry, 12)
      end
    end
  end
  return nodes
end

-- Keeps the latest of a key. When that is too much, the dead go first, then the oldest.
local function replace(key, envelope, expiry)
  local former = redis.call('HGET', latest, key)
  if former then
    state.count, state.bytes = state.count - 1, state.bytes - #former
  end
  if state.count >= maxMessages or state.bytes + #envelope > maxBytes then
    local others = {}
    state.count, state.bytes = 0, 0
    for _, entry in ipairs(loadLatest(latest)) do
      if entry.expiry <= nowMs then
        redis.call('HDEL', latest, entry.key)
      elseif entry.key ~= key then
        others[#others + 1] = entry
        state.count, state.bytes = state.count + 1, state.bytes + #entry.envelope
      end
    end
    for _, entry in ipairs(others) do
      if state.count < maxMessages and state.bytes + #envelope <= maxBytes then
        break
      end
      redis.call('HDEL', latest, entry.key)
      state.count, state.bytes = state.count - 1, state.bytes - #entry.envelope
    end
  end
  redis.call('HSET', latest, key, envelope)
  state.count, state.bytes = redis.call('HLEN', latest), state.bytes + #envelope
  if state.count == 1 then
    state.bytes = #envelope
    redis.call('PEXPIREAT', latest, expiry)
  end
end

-- Numbers a message in the partition, and notes it in the index.
local function pass(number, expiry)
  passed = passed or newState(epoch, nowUs, LOG)
  passed.last = passed.last + 1
  outlive(passed, expiry)
  if mode ~= RELAY then
    local entry = struct.pack(ENVELOPE, 1, mode, passed.last, nowMs, expiry) .. struct.pack(PASSED, number) .. topic
    if redis.call('RPUSH', recent, entry) > maxRecent then
      local _, _, trimmed = struct.unpack(ENVELOPE, redis.call('LPOP', recent))
      passed.confirmed = trimmed
    end
  end
  return passed.last
end

local firstMessage = FIRST_PATTERN + patterns
if not state and not mayBegin then
  local refused = {nowMs, 0}
  for _ = firstMessage, #ARGV, ARGUMENTS_A_MESSAGE do
    refused[#refused + 1] = NOT_BEGUN
    refused[#refused + 1] = 0
  end
  return refused
end
local begunBy = 0
local unheard = mode == RELAY and DROPPED or QUEUED
local answers = takeAll(firstMessage, #ARGV, ARGUMENTS_A_MESSAGE, FIRST_ID, idsKey, maxIds, nowMs, unheard, function(i)
  local expiry, data, key = nowMs + tonumber(ARGV[i]), ARGV[i + 2], ARGV[i + 3]
  local before = state and state.last or 0
  if not state then
    state = newState(epoch, nowUs, mode)
    begunBy = (i - firstMessage) / ARGUMENTS_A_MESSAGE + 1
  end
  local number, flags = state.last + 1, mode
  if mode == LATEST and #key > 0 then
    flags = flags + HAS_KEY
    data = struct.pack('>I2', #key) .. key .. data
  end
  local envelope = struct.pack(ENVELOPE, 1, flags, number, nowMs, expiry) .. data
  if mode == LOG then
    append(state, log, envelope, number, expiry, nowMs, maxMessages, maxBytes)
  elseif mode == LATEST then
    replace(key, envelope, expiry)
  end
  state.last = number
  outlive(state, expiry)
  latestExpiry = math.max(latestExpiry, expiry)
  wakes[#wakes + 1] = {
    before = before, number = number, partitionNumber = pass(number, expiry), envelope = envelope
  }
  return number
end)
if latestExpiry > 0 then
  saveState(stateKey, state)
  saveState(passedKey, passed)
  redis.call('PEXPIREAT', mode == LOG and log or latest, latestExpiry, 'GT')
  redis.call('PEXPIREAT', recent, passed.keep)
  redis.call('ZADD', names, state.keep, topic)
  redis.call('PEXPIREAT', names, passed.keep)
  if passed.last % 64 == 1 then
    redis.call('ZREMRANGEBYSCORE', names, '-inf', nowMs)
  end
end

local sent = {}
if #wakes > 0 then
  local nodes = followers()
  for _, w in ipairs(wakes) do
    for _, n in ipairs(nodes) do
      local wake = struct.pack('>BBI4I8I2', 1, WAKE_TOPIC, epoch, nextCounter(counters, n.node), #topic) .. topic
        .. struct.pack('>I8I8I8I2', w.before, w.number, w.partitionNumber, #n.loops) .. table.concat(n.loops)
      if #w.envelope <= maxWakeBytes then
        wake = wake .. w.envelope
      end
      sent[w.number] = sendWake(channel, n, wake) or sent[w.number]
    end
  end
end
return answerAll({nowMs, begunBy}, answers, sent)
