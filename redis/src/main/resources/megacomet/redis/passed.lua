#!lua flags=allow-oom
-- with stream.lua
-- with topics.lua
-- Reads a partition's index: which messages of which topics came after a position.
--
-- KEYS  passed, recent
-- ARGV  the position's epoch and number, most entries
-- reply epoch, from (the position as far as this master knows of it; if it knows of no message at all, the position, but
--       not above the clock, by which the numbers would begin here), latest number (0: no message), 1 if the index was
--       trimmed above the position (else 0), 1 if this is all that came (else 0), 1 if the numbers began anew at this master
--       (else 0), and then the entries, oldest first

local passedKey, recent = KEYS[1], KEYS[2]
local positionEpoch, position, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local epoch = masterEpoch()
local nowUs = clockMicros()
local s = loadState(passedKey, epoch, nowUs)
if not s then
  return {epoch, math.min(position, nowUs), 0, 0, 1, 0}
end
if s.changed then
  saveState(passedKey, s)
end
local from = standing(s, positionEpoch, position)
local reply = {epoch, from, s.last, position < s.confirmed and 1 or 0, 1, s.rebased}
if from < s.last then
  local index = math.max(0, redis.call('LLEN', recent) - (s.last - from))
  for _, entry in ipairs(redis.call('LRANGE', recent, index, -1)) do
    local _, _, number = struct.unpack(ENVELOPE, entry)
    if number > from then
      if most == 0 then
        reply[5] = 0
        break
      end
      most = most - 1
      reply[#reply + 1] = entry
    end
  end
end
return reply
