-- with owner.lua
-- Gives up clients of nodes that are no more.
--
-- KEYS  none: they are of many partitions
-- ARGV  how many nodes; the nodes; then owners' keys, all of which were on this master a moment ago
-- reply for each client that was given up: its key's place among the keys from 0, its node, its transport
--
-- A client that a live node has claimed since is left alone. Without the first line that newer scripts have, because Redis
-- lets only such a script touch keys of many slots.

local dead = {}
for i = 2, 1 + ARGV[1] do
  dead[ARGV[i]] = true
end
local FIRST_KEY = 2 + ARGV[1]

local reply = {}
for i = FIRST_KEY, #ARGV do
  local isHere, owner = pcall(loadOwner, ARGV[i])
  if isHere and owner and dead[owner.node] then
    local deleted = redis.pcall('DEL', ARGV[i])
    if deleted == 1 then
      reply[#reply + 1] = i - FIRST_KEY
      reply[#reply + 1] = owner.node
      reply[#reply + 1] = owner.transport
    end
  end
end
return reply
