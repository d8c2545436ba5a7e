-- What the scripts know of topics. Put in front of every script that says `-- with topics.lua`, after stream.lua.
--
-- A topic is a stream (see stream.lua) of which nothing is ever confirmed. What is kept of it goes by its mode: of LOG the
-- list of envelopes, of LATEST a hash of envelopes by their keys, of RELAY nothing.
--
-- All topics of a partition share one more stream: `passed` is its state and numbers every message of theirs, and `recent`
-- is its list, an index: an envelope's data is the message's number and topic. Messages that are only relayed have a number
-- and are not in the index. What its confirmed says is how far the index was trimmed.
--
-- `followed` is a hash of who follows: a field is the name of a topic or pattern, its value entries of a node (11
-- characters) and the number of its loop (2 bytes).
--
-- A wake (see TopicWake.java) is: format 1, kind 5, epoch, counter, topic's length, topic, number before, number, number in
-- the partition, how many loops of the node follow, their numbers, and the envelope unless it is too long for a wake. The
-- counter is that of owner.lua.

local HAS_KEY = 4
local PASSED = '>I8'
local NODE_BYTES, ENTRY_BYTES = 11, 13
local FOLLOWED_LIFE_MS = 3600000 -- nodes follow again what they follow about every ten minutes

-- The state, or nil, of a topic that is of a mode. If it was of another, what was kept is gone.
local function inMode(s, mode, log, latest)
  if s and s.mode ~= mode then
    redis.call('DEL', log, latest)
    s.mode = mode
    s.floor, s.reason = s.last, DELETED
    s.count, s.bytes, s.tail = 0, 0, s.last
    s.changed = true
  end
  return s
end

local function entryOf(node, loop)
  return node .. struct.pack('>I2', loop)
end

-- Where entry is among entries, or nil.
local function findEntry(entries, entry)
  for i = 1, #entries, ENTRY_BYTES do
    if string.sub(entries, i, i + ENTRY_BYTES - 1) == entry then
      return i
    end
  end
  return nil
end

local function follow(followed, name, entry)
  local entries = redis.call('HGET', followed, name) or ''
  if not findEntry(entries, entry) then
    redis.call('HSET', followed, name, entries .. entry)
  end
end

local function unfollow(followed, name, entry)
  local entries = redis.call('HGET', followed, name) or ''
  local at = findEntry(entries, entry)
  if at and #entries == ENTRY_BYTES then
    redis.call('HDEL', followed, name)
  elseif at then
    redis.call('HSET', followed, name, string.sub(entries, 1, at - 1) .. string.sub(entries, at + ENTRY_BYTES))
  end
end

-- The envelopes of a topic of which the latest are kept, in the order of their numbers: for each its number, expiry, key.
local function loadLatest(latest)
  local all, entries = redis.call('HGETALL', latest), {}
  for i = 1, #all, 2 do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, all[i + 1])
    entries[#entries + 1] = {key = all[i], envelope = all[i + 1], number = number, expiry = expiry}
  end
  table.sort(entries, function(a, b) return a.number < b.number end)
  return entries
end
