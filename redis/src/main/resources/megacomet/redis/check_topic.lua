#!lua flags=no-writes
-- with stream.lua
-- with topics.lua
-- with findings.lua
-- Verifies what one topic has in Redis. Changes nothing.
--
-- KEYS  state, log, latest, names; any of them may be missing
-- ARGV  topic
-- reply what is wrong, a sentence each; empty if nothing is

local stateKey, log, latest, names = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local topic = ARGV[1]

local s = checkState(stateKey)
local envelopes = {}
for _, entry in ipairs(loadLatest(latest)) do
  local _, flags, _, _, _, afterHeader = struct.unpack(ENVELOPE, entry.envelope)
  local key = ''
  if flags >= HAS_KEY then
    key = struct.unpack('>I2', entry.envelope, afterHeader)
    key = string.sub(entry.envelope, afterHeader + 2, afterHeader + 1 + key)
  end
  expect(key == entry.key, latest, 'the message of another key: ' .. number(entry.number))
  envelopes[#envelopes + 1] = entry.envelope
end
checkEnvelopes(log, s, redis.call('LRANGE', log, 0, -1))
checkEnvelopes(latest, s, envelopes)
if s then
  expect(s.mode == LOG or redis.call('EXISTS', log) == 0, log, 'a log in mode ' .. number(s.mode))
  expect(s.mode == LATEST or redis.call('EXISTS', latest) == 0, latest, 'the latest in mode ' .. number(s.mode))
  expect(s.confirmed == 0, stateKey, 'a topic that was confirmed')
  expect(tonumber(redis.call('ZSCORE', names, topic) or nil) == s.keep, stateKey, 'it is not listed until it goes')
end
return findings
