#!lua
-- with stream.lua
-- with owner.lua
-- with append.lua
-- with due.lua
-- Appends messages to one client's mailbox and wakes its owner.
--
-- KEYS  state, list, owner, counters, ids (how many ids were kept, a field a minute), due (see due.lua), and then, for
--       each message that has an id and in their order, the key that remembers it
-- ARGV  client, channel (a node's name completes it), most messages and most bytes of a mailbox, longest envelope that a
--       wake carries, most ids of a partition within their time;
--       then for each message: life in ms, fingerprint of its body if it has an id (else empty), data
-- reply clock in ms; how many unconfirmed messages were found expired, and the highest number of those; how many live
--       ones were driven out, and the highest number of those; and then for each message a verdict and its number:
--       1 queued, nobody listened · 2 sent, the owner was woken · 3 refused: same id, another body · 4 refused: too many
--       ids. A repeated id is answered as it was the first time.
--
-- A message that does not fit drives out the oldest. One script a target is in flight at a time (see Publisher.java), so
-- that messages keep their order when one must be sent again.

local stateKey, list, ownerKey, counters, idsKey, due = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local client, channel = ARGV[1], ARGV[2]
local maxMessages, maxBytes = tonumber(ARGV[3]), tonumber(ARGV[4])
local maxWakeBytes, maxIds = tonumber(ARGV[5]), tonumber(ARGV[6])
local FIRST_MESSAGE, ARGUMENTS_A_MESSAGE, FIRST_ID = 7, 3, 7

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()
local stored = redis.call('MGET', stateKey, ownerKey)
local state, owner = unpackState(stored[1], epoch, nowUs), unpackOwner(stored[2])
local wakes = {}
local latestExpiry = 0
local soonestBefore = state and state.soonest

-- First everything is written, then wakes go out: what is woken for must be there.
local answers = takeAll(FIRST_MESSAGE, ARGUMENTS_A_MESSAGE, FIRST_ID, idsKey, maxIds, nowMs, QUEUED, function(i)
  local expiry = nowMs + tonumber(ARGV[i])
  local before = state and state.last or 0
  state = state or newState(epoch, nowUs, LOG)
  local number = state.last + 1
  local envelope = struct.pack(ENVELOPE, 1, 0, number, nowMs, expiry) .. ARGV[i + 2]
  append(state, list, envelope, number, expiry, nowMs, maxMessages, maxBytes)
  state.last = number
  state.keep = math.max(state.keep, expiry + STATE_OUTLIVES_MS)
  latestExpiry = math.max(latestExpiry, expiry)
  if owner then
    wakes[#wakes + 1] = {before = before, number = number, envelope = envelope}
  end
  return number
end)
if latestExpiry > 0 then
  saveState(stateKey, state)
  redis.call('PEXPIREAT', list, latestExpiry, 'GT')
  if not isNotedWell(soonestBefore, state, latestExpiry) then
    noteDue(due, client, state.soonest, latestExpiry + DUE_OUTLIVES_MS)
  end
end

local sent = {}
for _, w in ipairs(wakes) do
  local wake = startWake(WAKE_MESSAGE, epoch, counters, owner, client) .. struct.pack('>I8I8', w.before, w.number)
  if #w.envelope <= maxWakeBytes then
    wake = wake .. w.envelope
  end
  sent[w.number] = sendWake(channel, owner, wake)
end
local reply = state and {nowMs, state.expired, state.expiredUpTo, state.overflowed, state.overflowedUpTo}
  or {nowMs, 0, 0, 0, 0}
return answerAll(reply, answers, sent)
