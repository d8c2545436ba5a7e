#!lua flags=allow-oom
-- with stream.lua
-- with topics.lua
-- A loop of a node follows topics and reads each from where it stands, in one step: what comes after what was read comes in
-- wakes. Or somebody only reads.
--
-- KEYS  followed, and then for each topic: state, log, latest
-- ARGV  node (empty: only read), loop, most messages, most bytes (of all topics together);
--       then for each topic: its name, the position that the reader has as epoch and number, both empty if it has none, and
--       1 if it then wants all that is kept, 0 if only what comes from now on
-- reply for each topic an array: its mode, and then what readState gives (see stream.lua) and envelopes

local followed = KEYS[1]
local node, loop, maxMessages, maxBytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST_TOPIC, ARGUMENTS_A_TOPIC = 5, 4

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()

-- What is left of the limits. The first topic that has anything gives at least one message, so that reading goes on.
local leftMessages, leftBytes, least = maxMessages, maxBytes, 1

local function collectLog(reply, s, log, from)
  -- At most last - from messages are after from: those before them need not be looked at.
  local index = math.max(0, redis.call('LLEN', log) - (s.last - from))
  return collect(reply, log, index, from, nowMs, least, leftMessages, leftBytes)
end

local function collectLatest(reply, latest, from)
  local count, bytes = 0, 0
  for _, entry in ipairs(loadLatest(latest)) do
    if entry.number > from and entry.expiry > nowMs then
      bytes = bytes + #entry.envelope
      if count >= least and (count == leftMessages or bytes > leftBytes) then
        return false
      end
      count = count + 1
      reply[#reply + 1] = entry.envelope
    end
  end
  return true
end

local function readTopic(s, log, latest, from)
  local reply = {s and s.mode or LOG}
  local complete = readState(reply, s, from, epoch, nowMs)
  local isAll = true
  if s and from < s.last and s.mode == LOG then
    isAll = collectLog(reply, s, log, from)
  elseif s and from < s.last and s.mode == LATEST then
    isAll = collectLatest(reply, latest, from)
  end
  reply[complete] = isAll and 1 or 0
  for i = complete + 1, #reply do
    leftMessages, leftBytes, least = leftMessages - 1, leftBytes - #reply[i], 0
  end
  return reply
end

local reply = {}
for i = FIRST_TOPIC, #ARGV, ARGUMENTS_A_TOPIC do
  local key = #reply * 3 + 1
  local stateKey = KEYS[key + 1]
  local number, isFromEarliest = tonumber(ARGV[i + 2]), ARGV[i + 3] == '1'
  if #node > 0 then
    follow(followed, ARGV[i], entryOf(node, loop))
  end
  local s, from = loadState(stateKey, epoch, nowUs), 0
  if s then
    from = (number or isFromEarliest) and standing(s, tonumber(ARGV[i + 1]), number) or s.last
    if s.changed then
      saveState(stateKey, s)
    end
  end
  reply[#reply + 1] = readTopic(s, KEYS[key + 2], KEYS[key + 3], from)
end
if #node > 0 then
  redis.call('PEXPIRE', followed, FOLLOWED_LIFE_MS)
end
return reply
