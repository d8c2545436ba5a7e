#!lua flags=allow-oom
-- with stream.lua
-- with due.lua
-- Looks into mailboxes that are due: takes out what is dead, and tells what each has lost since it was last told.
--
-- KEYS  due, then for each client: state, list
-- ARGV  how long ago a message must have died, in ms, so that a confirmation that is on its way counts; then the clients
-- reply for each client that has lost something unconfirmed: its place among the clients from 0, how many messages died,
--       how many were driven out by later ones, and the highest number that was lost

local due, graceMs = KEYS[1], tonumber(ARGV[1])

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000) - graceMs
local epoch = masterEpoch()

-- Takes every dead message from the list, and returns when the next one dies, or nil.
local function takeDead(state, list)
  dropHead(state, list, nowMs)
  local soonest, latest = nil, 0
  for _, envelope in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    if expiry > nowMs then
      soonest = math.min(soonest or expiry, expiry)
      latest = math.max(latest, expiry)
    else
      redis.call('LREM', list, 1, envelope)
      state.bytes = math.max(0, state.bytes - #envelope)
      state.expired = state.expired + 1
      state.changed = true
      if number > state.floor then
        state.floor = number
        state.reason = EXPIRED
      end
    end
  end
  return soonest, latest
end

local reply = {}
for i = 2, #ARGV do
  local client, stateKey, list = ARGV[i], KEYS[2 * i - 2], KEYS[2 * i - 1]
  local state = loadState(stateKey, epoch, nowUs)
  redis.call('ZREM', due, client)
  if state then
    local soonest, latest = takeDead(state, list)
    if soonest then
      state.soonest = soonest
      noteDue(due, client, soonest, latest + LISTS_OUTLIVE_MS)
    end
    if state.expired + state.overflowed > 0 then
      for _, value in ipairs({i - 2, state.expired, state.overflowed, state.floor}) do
        reply[#reply + 1] = value
      end
      state.expired, state.overflowed, state.changed = 0, 0, true
    end
    if state.changed then
      saveState(stateKey, state)
    end
  end
end
return reply
