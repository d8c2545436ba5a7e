#!lua flags=no-writes
-- with stream.lua
-- with topics.lua
-- Reads chosen messages of a partition's topics, as far as they are still there. Changes nothing.
--
-- KEYS  for each topic: state, log, latest
-- ARGV  most messages, most bytes; then for each message, in the order in which they are wanted: which topic it is of
--       (1 is the first), its number
-- reply epoch; then for each topic an array: its floor, and why (see stream.lua); then for each message its envelope, or
--       empty if it is gone; fewer if the limits do not let all of them in

local maxMessages, maxBytes = tonumber(ARGV[1]), tonumber(ARGV[2])
local FIRST_MESSAGE = 3

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()

local lowest = {}
for i = FIRST_MESSAGE, #ARGV, 2 do
  local topic = tonumber(ARGV[i])
  lowest[topic] = lowest[topic] or tonumber(ARGV[i + 1])
end

local reply, kept = {epoch}, {}
for topic = 1, #KEYS / 3 do
  local key = topic * 3 - 2
  local s = loadState(KEYS[key], epoch, nowUs)
  local envelopes = {}
  if s and s.mode == LOG then
    -- From the lowest number to the last there are at most so many. An older master's numbers have a jump above them.
    envelopes = redis.call('LRANGE', KEYS[key + 1], lowest[topic] - s.last - 1, -1)
  elseif s and s.mode == LATEST then
    envelopes = redis.call('HVALS', KEYS[key + 2])
  end
  kept[topic] = {}
  for _, envelope in ipairs(envelopes) do
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    if expiry > nowMs then
      kept[topic][string.format('%.0f', number)] = envelope
    end
  end
  reply[1 + topic] = s and {s.floor, s.reason} or {0, 0}
end

local count, bytes = 0, 0
for i = FIRST_MESSAGE, #ARGV, 2 do
  local envelope = kept[tonumber(ARGV[i])][ARGV[i + 1]] or ''
  bytes = bytes + #envelope
  if #envelope > 0 then
    if count > 0 and (count == maxMessages or bytes > maxBytes) then
      break
    end
    count = count + 1
  end
  reply[#reply + 1] = envelope
end
return reply
