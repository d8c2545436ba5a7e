#!lua flags=allow-oom
-- with topics.lua
-- A loop of a node follows topics and patterns no longer, in one partition.
--
-- KEYS  followed
-- ARGV  node, loop, and then the names
-- reply how many were given

local followed = KEYS[1]
local node, loop = ARGV[1], tonumber(ARGV[2])
local FIRST_NAME = 3

for i = FIRST_NAME, #ARGV do
  unfollow(followed, ARGV[i], entryOf(node, loop))
end
return #ARGV - FIRST_NAME + 1
