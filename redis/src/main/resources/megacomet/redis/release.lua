#!lua flags=allow-oom
-- with owner.lua
-- A loop of a node gives up clients. Those that somebody else, or the same loop, has claimed since are left alone.
--
-- KEYS  for each client: owner
-- ARGV  node, loop, then for each client: generation; older claims of the same loop go too
-- reply how many were given up

local node, loop = ARGV[1], tonumber(ARGV[2])
local FIRST_GENERATION = 3

local released = 0
for i, key in ipairs(KEYS) do
  local owner = loadOwner(key)
  local generation = tonumber(ARGV[FIRST_GENERATION + i - 1])
  if owner and owner.generation <= generation and owner.node == node and owner.loop == loop then
    released = released + redis.call('DEL', key)
  end
end
return released
