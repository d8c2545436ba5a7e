#!lua
-- with stream.lua
-- with owner.lua
-- with append.lua
-- with due.lua
-- Appends messages to the mailboxes of clients and wakes their owners.
--
-- KEYS  for each client: state, list, owner, counters, ids (how many ids were kept, a field a minute), due (see due.lua), and
--       then, if its messages have ids, for each of them and in their order, the key that remembers it
-- ARGV  most messages and most bytes of a mailbox, longest envelope that a wake carries, most ids of a partition within their
--       time; then for each client: client, channel (a node's name completes it), how many messages; and for each of those:
--       life in ms, fingerprint of its body if it has an id (else empty), data. All of a client have one, or none
-- reply clock in ms, and then for each client an error, or what became of it: how many unconfirmed messages were found
--       expired, and the highest number of those; how many live ones were driven out, and the highest number of those; and
--       then for each message a verdict and its number:
--       1 queued, nobody listened · 2 sent, the owner was woken · 3 refused: same id, another body · 4 refused: too many
--       ids. A repeated id is answered as it was the first time.
--
-- A message that does not fit drives out the oldest. One script a target is in flight at a time (see Publisher.java), so
-- that messages keep their order when one must be sent again. What is wrong with one client does not reach the others.

local maxMessages, maxBytes = tonumber(ARGV[1]), tonumber(ARGV[2])
local maxWakeBytes, maxIds = tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST_CLIENT, KEYS_A_CLIENT, ARGUMENTS_A_CLIENT, ARGUMENTS_A_MESSAGE = 5, 6, 3, 3

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()

-- Publishes to the client whose keys begin at KEYS[key] and whose arguments begin at ARGV[argument] and end with ARGV[last].
local function publish(key, argument, last)
  local stateKey, list, ownerKey, counters = KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  local idsKey, due = KEYS[key + 4], KEYS[key + 5]
  local client, channel = ARGV[argument], ARGV[argument + 1]
  local stored = redis.call('MGET', stateKey, ownerKey)
  local state, owner = unpackState(stored[1], epoch, nowUs), unpackOwner(stored[2])
  local wakes = {}
  local latestExpiry = 0
  local soonestBefore = state and state.soonest

  -- First everything is written, then wakes go out: what is woken for must be there.
  local firstMessage, firstId = argument + ARGUMENTS_A_CLIENT, key + KEYS_A_CLIENT
  local answers = takeAll(firstMessage, last, ARGUMENTS_A_MESSAGE, firstId, idsKey, maxIds, nowMs, QUEUED, function(i)
    local expiry = nowMs + tonumber(ARGV[i])
    local before = state and state.last or 0
    state = state or newState(epoch, nowUs, LOG)
    local number = state.last + 1
    local envelope = struct.pack(ENVELOPE, 1, 0, number, nowMs, expiry) .. ARGV[i + 2]
    append(state, list, envelope, number, expiry, nowMs, maxMessages, maxBytes)
    state.last = number
    outlive(state, expiry)
    latestExpiry = math.max(latestExpiry, expiry)
    if owner then
      wakes[#wakes + 1] = {before = before, number = number, envelope = envelope}
    end
    return number
  end)
  if latestExpiry > 0 then
    saveState(stateKey, state)
    if latestExpiry > state.listExpiry then
      redis.call('PEXPIREAT', list, latestExpiry, 'GT')
    end
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
  local reply = state and {state.expired, state.expiredUpTo, state.overflowed, state.overflowedUpTo} or {0, 0, 0, 0}
  return answerAll(reply, answers, sent)
end

local reply = {nowMs}
local key, argument = 1, FIRST_CLIENT
while key <= #KEYS do
  local messages = tonumber(ARGV[argument + 2])
  local nextArgument = argument + ARGUMENTS_A_CLIENT + messages * ARGUMENTS_A_MESSAGE
  local haveIds = #ARGV[argument + ARGUMENTS_A_CLIENT + 1] > 0
  local isDone, answer = pcall(publish, key, argument, nextArgument - 1)
  reply[#reply + 1] = isDone and answer or {err = type(answer) == 'table' and answer.err or answer}
  key = key + KEYS_A_CLIENT + (haveIds and messages or 0)
  argument = nextArgument
end
return reply
