#!lua flags=allow-oom
-- Lists the nodes whose lease ended without a word, until they are forgotten.
--
-- KEYS  nodes (see lease.lua)
-- ARGV  nodes to forget first, unless they are there again
-- reply the names of the others

local nodes = KEYS[1]

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local function hasEnded(lease)
  return lease and struct.unpack('>I8', lease) <= nowMs
end

for _, node in ipairs(ARGV) do
  if hasEnded(redis.call('HGET', nodes, node)) then
    redis.call('HDEL', nodes, node)
  end
end
local all, reply = redis.call('HGETALL', nodes), {}
for i = 1, #all, 2 do
  if hasEnded(all[i + 1]) then
    reply[#reply + 1] = all[i]
  end
end
return reply
