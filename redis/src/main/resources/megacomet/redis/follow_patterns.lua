#!lua flags=allow-oom
-- with stream.lua
-- with topics.lua
-- A loop of a node follows patterns in one partition.
--
-- KEYS  passed, followed
-- ARGV  node, loop, and then the patterns
-- reply epoch, and the latest number that a message of any topic got in the partition (0: none ever did)

local passedKey, followed = KEYS[1], KEYS[2]
local node, loop = ARGV[1], tonumber(ARGV[2])
local FIRST_PATTERN = 3

for i = FIRST_PATTERN, #ARGV do
  follow(followed, ARGV[i], entryOf(node, loop))
end
redis.call('PEXPIRE', followed, FOLLOWED_LIFE_MS)
local epoch = masterEpoch()
local passed = loadState(passedKey, epoch, clockMicros())
if passed and passed.changed then
  saveState(passedKey, passed)
end
return {epoch, passed and passed.last or 0}
