#!lua flags=allow-oom
-- A node says that it is there, and what it holds.
--
-- KEYS  nodes: a hash, a field a node, its value the end of its lease in epoch ms and then what the node says
-- ARGV  node, lease in ms, what it says; a lease of 0 takes the node off
-- reply clock in ms

local nodes, node, leaseMs, said = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local FORGET_MS = 86400000

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
if leaseMs == 0 then
  redis.call('HDEL', nodes, node)
else
  redis.call('HSET', nodes, node, struct.pack('>I8', nowMs + leaseMs) .. said)
  redis.call('PEXPIRE', nodes, FORGET_MS)
end
return nowMs
