#!lua flags=no-writes
-- with stream.lua
-- with owner.lua
-- Looks a client up. Changes nothing.
--
-- KEYS  state, list, owner
-- reply live messages, confirmed (0: never), last number (0: never had a message), clock in ms, and if it has an owner:
--       node, loop, transport, generation

local stateKey, list, ownerKey = KEYS[1], KEYS[2], KEYS[3]

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local state = loadState(stateKey, masterEpoch(), nowUs)
local live = 0
if state then
  for _, envelope in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    if expiry > nowMs and number > state.confirmed then
      live = live + 1
    end
  end
end
local reply = {live, state and state.confirmed or 0, state and state.last or 0, nowMs}
local owner = loadOwner(ownerKey)
if owner then
  for _, value in ipairs({owner.node, owner.loop, owner.transport, owner.generation}) do
    reply[#reply + 1] = value
  end
end
return reply
