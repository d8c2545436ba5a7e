#!lua flags=allow-oom
-- with stream.lua
-- with owner.lua
-- with counts.lua
-- Empties a client's mailbox and ends its hold, wherever that is. The state stays: its numbers must not be given again.
--
-- KEYS  state, list, owner, counters, follows
-- ARGV  client, channel
-- reply how many live messages were removed, and 1 if a node held the client, else 0

local stateKey, list, ownerKey, counters, follows = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local client, channel = ARGV[1], ARGV[2]

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()
local state = loadState(stateKey, epoch, nowUs)
local removed = 0
if state then
  dropHead(state, list, nowMs, 1)
  for _, envelope in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    state.floor = math.max(state.floor, number)
    state.reason = DELETED
    if expiry > nowMs then
      removed = removed + 1
    end
  end
  redis.call('DEL', list)
  state.count, state.bytes = 0, 0
  saveState(stateKey, state)
end

local owner = loadOwner(ownerKey)
if owner then
  redis.call('DEL', ownerKey)
  moveCounts(follows, owner, nil)
  sendWake(channel, owner, startWake(WAKE_ENDED, epoch, counters, owner, client))
end
return {removed, owner and 1 or 0}
