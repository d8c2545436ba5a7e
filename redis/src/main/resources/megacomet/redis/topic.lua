#!lua flags=no-writes
-- with stream.lua
-- with topics.lua
-- Looks a topic up. Changes nothing.
--
-- KEYS  state, log, latest
-- reply mode, number of the first live message (0: none), last number (0: never had a message), live messages

local stateKey, log, latest = KEYS[1], KEYS[2], KEYS[3]

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local s = loadState(stateKey, masterEpoch(), nowUs)
if not s then
  return {LOG, 0, 0, 0}
end
local first, live = 0, 0
local function count(number, expiry)
  if expiry > nowMs then
    live = live + 1
    first = first == 0 and number or first
  end
end
if s.mode == LOG then
  for _, envelope in ipairs(redis.call('LRANGE', log, 0, -1)) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    count(number, expiry)
  end
elseif s.mode == LATEST then
  for _, entry in ipairs(loadLatest(latest)) do
    count(entry.number, entry.expiry)
  end
end
return {s.mode, first, s.last, live}
