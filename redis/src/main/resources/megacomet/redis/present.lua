#!lua flags=no-writes
-- with topics.lua
-- with counts.lua
-- Lists the nodes that have anything in a partition.
--
-- KEYS  counters, followed, follows
-- reply their names, each once

local counters, followed, follows = KEYS[1], KEYS[2], KEYS[3]

local seen, nodes = {}, {}
local function take(node)
  if not seen[node] then
    seen[node] = true
    nodes[#nodes + 1] = node
  end
end
for _, node in ipairs(redis.call('HKEYS', counters)) do
  take(node)
end
for _, entries in ipairs(redis.call('HVALS', followed)) do
  for i = 1, #entries, ENTRY_BYTES do
    take(string.sub(entries, i, i + NODE_BYTES - 1))
  end
end
for _, field in ipairs(redis.call('HKEYS', follows)) do
  take(string.sub(field, TAG_BYTES + 1))
end
return nodes
