#!lua flags=allow-oom
-- with owner.lua
-- with counts.lua
-- A loop of a node gives up clients. Those that somebody else, or the same loop, has claimed since are left alone.
--
-- KEYS  follows, and then for each client: owner
-- ARGV  node, loop, then for each client: generation; older claims of the same loop go too
-- reply how many were given up

local follows = KEYS[1]
local node, loop = ARGV[1], tonumber(ARGV[2])
local FIRST_GENERATION = 3

local released = 0
for i = 2, #KEYS do
  local owner = loadOwner(KEYS[i])
  local generation = tonumber(ARGV[FIRST_GENERATION + i - 2])
  if owner and owner.generation <= generation and owner.node == node and owner.loop == loop then
    released = released + redis.call('DEL', KEYS[i])
    moveCounts(follows, owner, nil)
  end
end
return released
