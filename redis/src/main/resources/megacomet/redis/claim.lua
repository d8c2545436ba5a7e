#!lua flags=allow-oom
-- with stream.lua
-- with owner.lua
-- with counts.lua
-- with following.lua
-- A loop of a node takes a client: confirms what the client brings, makes itself the owner, reads what is unconfirmed.
--
-- KEYS  state, list, owner, counters, follows, following
-- ARGV  client, channel, node, loop, transport, conn, n, most messages, most bytes, the position that the client
--       brought as epoch and number, both empty if it brought none; tags of what it follows, how long what the application
--       has it follow is kept, in ms (empty: for as long as it is anyway); 1 to take it from none but an earlier poll of the
--       same page (else 0); and then how far it has topics: for each its tag, epoch and number, which are 0 for a pattern
-- reply 'overtaken' if the same page has already sent a later poll: nothing was changed;
--       'moved', conn, n of the poll that has it, if that is of another page, and was to be spared: neither;
--       else 'owned', generation, 1 if nobody owned it before (else 0), how many messages were found expired, the highest
--       number of those, what the application has it follow (see following.lua), and what read gives (see stream.lua)
--
-- A client that another loop or node held is told to it as moved, in a counted wake.

local stateKey, list, ownerKey, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local follows, followingKey = KEYS[5], KEYS[6]
local client, channel, node, loop, transport = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local conn, n = ARGV[6], tonumber(ARGV[7])
local maxMessages, maxBytes = tonumber(ARGV[8]), tonumber(ARGV[9])
local cursorEpoch, cursorNumber = tonumber(ARGV[10]), tonumber(ARGV[11])
local tags, followsLifeMs = ARGV[12], tonumber(ARGV[13])
local isBack = ARGV[14] == '1'
local FIRST_TOPIC = 15

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()
local former = loadOwner(ownerKey)
if former and former.conn == conn and conn ~= NO_CONN and n < former.n then
  return {'overtaken'}
end
if former and former.conn ~= conn and isBack then
  return {'moved', former.conn, former.n}
end

local generation = math.max(nowUs, former and former.generation + 1 or 0)
local following = loadFollowing(followingKey)
if following then
  raiseFollowing(followingKey, following, FIRST_TOPIC, #ARGV)
  if followsLifeMs then
    redis.call('PEXPIRE', followingKey, followsLifeMs)
  end
  tags = withFollowing(tags, following)
end
local owner = {
  node = node, loop = loop, transport = transport, generation = generation, conn = conn, n = n, tags = tags
}
saveOwner(ownerKey, owner)
moveCounts(follows, former, owner)

local state, from = loadState(stateKey, epoch, nowUs), 0
if state then
  from = standing(state, cursorEpoch, cursorNumber)
  confirm(state, list, cursorNumber and from or 0, nowMs)
  if state.changed then
    saveState(stateKey, state)
  end
end
local reply = {
  'owned', generation, former and 0 or 1, state and state.expired or 0, state and state.expiredUpTo or 0,
  replyOfFollowing(following)
}
read(reply, state, list, from, epoch, nowMs, maxMessages, maxBytes)

if former and (former.node ~= node or former.loop ~= loop) then
  local wake = startWake(WAKE_MOVED, epoch, counters, former, client) .. struct.pack('>I8c8I8', generation, conn, n)
  sendWake(channel, former, wake)
end
return reply
