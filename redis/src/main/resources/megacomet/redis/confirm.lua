#!lua flags=allow-oom
-- with stream.lua
-- with following.lua
-- Confirms for clients whose node knew without asking that they had nothing to read.
--
-- KEYS  for each client: state, list, following
-- ARGV  for each client: the position's epoch and number, how many topics and patterns it has positions of, and for each
--       of those its tag, epoch and number, which are 0 for a pattern
-- reply for each client: how many messages were found expired, and the highest number of those

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()
local reply = {}
local argument = 1
for i = 1, #KEYS, 3 do
  local stateKey, list, followingKey = KEYS[i], KEYS[i + 1], KEYS[i + 2]
  local state = loadState(stateKey, epoch, nowUs)
  if state then
    confirm(state, list, standing(state, tonumber(ARGV[argument]), tonumber(ARGV[argument + 1])), nowMs)
    if state.changed then
      saveState(stateKey, state)
    end
  end
  reply[#reply + 1] = state and state.expired or 0
  reply[#reply + 1] = state and state.expiredUpTo or 0
  local topics = argument + 3
  argument = topics + 3 * tonumber(ARGV[argument + 2])
  local following = argument > topics and loadFollowing(followingKey)
  if following then
    raiseFollowing(followingKey, following, topics, argument - 1)
  end
end
return reply
