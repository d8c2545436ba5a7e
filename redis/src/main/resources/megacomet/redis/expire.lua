#!lua flags=allow-oom
-- with stream.lua
-- with append.lua
-- with due.lua
-- Looks into mailboxes that are due: takes out what is dead.
--
-- KEYS  due, then for each client: state, list
-- ARGV  how long ago a message must have died, in ms, so that a confirmation that is on its way counts; then the clients
-- reply for each client of whom something unconfirmed was found dead: its place among the clients from 0, how many
--       messages, and the highest number of theirs

local due, graceMs = KEYS[1], tonumber(ARGV[1])

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000) - graceMs
local epoch = masterEpoch()

local reply = {}
for i = 2, #ARGV do
  local client, stateKey, list = ARGV[i], KEYS[2 * i - 2], KEYS[2 * i - 1]
  local state = loadState(stateKey, epoch, nowUs)
  redis.call('ZREM', due, client)
  if state then
    dropHead(state, list, nowMs, 8)
    if state.count > 0 and state.soonest <= nowMs then
      dropDead(state, list, nowMs)
      state.changed = true
    end
    if state.count > 0 then
      noteDue(due, client, state.soonest, math.max(state.soonest, redis.call('PEXPIRETIME', list)) + DUE_OUTLIVES_MS)
    end
    if state.expired > 0 then
      for _, value in ipairs({i - 2, state.expired, state.expiredUpTo}) do
        reply[#reply + 1] = value
      end
    end
    if state.changed then
      saveState(stateKey, state)
    end
  end
end
return reply
