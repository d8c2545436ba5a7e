#!lua flags=allow-oom
-- with stream.lua
-- Confirms for clients whose node knew without asking that they had nothing to read.
--
-- KEYS  for each client: state, list
-- ARGV  for each client: the position's epoch and number
-- reply how many streams still had a state

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()
local found = 0
for i = 1, #KEYS, 2 do
  local stateKey, list = KEYS[i], KEYS[i + 1]
  local state = loadState(stateKey, epoch, nowUs)
  if state then
    found = found + 1
    confirm(state, list, standing(state, tonumber(ARGV[i]), tonumber(ARGV[i + 1])), nowMs)
    if state.changed then
      saveState(stateKey, state)
    end
  end
end
return found
