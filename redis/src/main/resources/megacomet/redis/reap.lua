-- with owner.lua
-- with counts.lua
-- Gives up clients of nodes that are no more.
--
-- KEYS  none: they are of many partitions
-- ARGV  how many nodes; the nodes; then for each client: owner, and follows and counters of its partition, all of which were
--       on this master a moment ago
-- reply for each client that was given up: its place among the clients from 0, its node, its transport
--
-- A client that another node has claimed since is left alone. Counts move with the record: a node that had only slept claims
-- its clients again, and would count each of them twice. Whether it had only slept nobody knows for sure when this runs: it
-- may be awake, with clients that it claimed since. So its counter rises for each client, as if it had been sent a wake; it
-- notices that it heard none, and claims again what it holds. Without the first line that newer scripts have, because Redis
-- lets only such a script touch keys of many slots.

local dead = {}
for i = 2, 1 + ARGV[1] do
  dead[ARGV[i]] = true
end
local FIRST_KEY = 2 + ARGV[1]

local reply = {}
for i = FIRST_KEY, #ARGV, 3 do
  local isHere, owner = pcall(loadOwner, ARGV[i])
  if isHere and owner and dead[owner.node] then
    local deleted = redis.pcall('DEL', ARGV[i])
    if deleted == 1 then
      pcall(moveCounts, ARGV[i + 1], owner, nil)
      pcall(nextCounter, ARGV[i + 2], owner.node)
      reply[#reply + 1] = (i - FIRST_KEY) / 3
      reply[#reply + 1] = owner.node
      reply[#reply + 1] = owner.transport
    end
  end
end
return reply
