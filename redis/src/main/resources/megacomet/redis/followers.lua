-- Counts on one master, over partitions of its, the clients that follow any of some names at any of some nodes.
--
-- KEYS  none: a partition may be on its way to another master, and one such key would refuse them all
-- ARGV  how many tags, the tags, how many nodes, the nodes, and then the key `follows` of each partition (see counts.lua)
-- reply how many clients; a partition that is not here counts as none
--
-- Without the first line that newer scripts have, because Redis lets only such a script touch keys of many slots.

local tags = tonumber(ARGV[1])
local nodes = tonumber(ARGV[2 + tags])
local FIRST_TAG, FIRST_NODE = 2, 3 + tags

local total = 0
for i = FIRST_NODE + nodes, #ARGV do
  local size = redis.pcall('HLEN', ARGV[i])
  for tag = FIRST_TAG, type(size) == 'number' and size > 0 and FIRST_TAG + tags - 1 or 0 do
    local fields = {}
    for node = FIRST_NODE, FIRST_NODE + nodes - 1 do
      fields[#fields + 1] = ARGV[tag] .. ARGV[node]
    end
    for _, value in ipairs(redis.pcall('HMGET', ARGV[i], unpack(fields))) do
      total = total + tonumber(value or 0)
    end
  end
end
return total
