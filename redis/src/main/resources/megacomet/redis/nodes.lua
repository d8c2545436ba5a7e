#!lua flags=allow-oom
-- Lists the nodes that are there. Those whose lease ended stay for a while, until their clients are given up: see ended.lua.
--
-- KEYS  nodes (see lease.lua)
-- reply for each node: its name and what it says

local nodes = KEYS[1]
-- Owners' records, which is all that a node could leave behind, live that long.
local FORGET_MS = 3600000

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local all, reply = redis.call('HGETALL', nodes), {}
for i = 1, #all, 2 do
  local leaseEnd, afterLease = struct.unpack('>I8', all[i + 1])
  if leaseEnd > nowMs then
    reply[#reply + 1] = all[i]
    reply[#reply + 1] = string.sub(all[i + 1], afterLease)
  elseif leaseEnd + FORGET_MS < nowMs then
    redis.call('HDEL', nodes, all[i])
  end
end
return reply
