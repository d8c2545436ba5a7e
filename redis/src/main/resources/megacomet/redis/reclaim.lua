#!lua flags=allow-oom
-- with stream.lua
-- with owner.lua
-- with counts.lua
-- with following.lua
-- A node goes on with clients that it holds and may have missed something of: it renews what it owns and reads what came
-- after the position that it knows. Confirms nothing.
--
-- KEYS  follows, and then for each client: state, list, owner, following
-- ARGV  node, loop, most messages, most bytes (of one client);
--       then for each client: generation, transport, conn, n, position's epoch and number, tags of what it follows
-- reply for each client an array:
--       'moved', conn, n of the poll that took it, if somebody else has claimed the client since;
--       else 'owned', generation, how many messages were found expired, the highest number of those, what the application
--       has it follow (see following.lua), and what read gives (see stream.lua)
--
-- It succeeds where no owner is stored (it expired, or a failover lost it), where it is this one, and where the stored
-- one is older, which a failover brings back. The wake that says that a client is to follow something else may be what was
-- lost; so it is said here, and the node has it counted by renewing once more.

local follows = KEYS[1]
local node, loop = ARGV[1], tonumber(ARGV[2])
local maxMessages, maxBytes = tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST_CLIENT, ARGUMENTS_A_CLIENT = 5, 7

local nowUs = clockMicros()
local nowMs = math.floor(nowUs / 1000)
local epoch = masterEpoch()

local function reclaim(stateKey, list, ownerKey, followingKey, seat)
  local stored = loadOwner(ownerKey)
  if stored and stored.generation > seat.generation then
    return {'moved', stored.conn, stored.n}
  end
  if stored and stored.generation == seat.generation and (stored.node ~= node or stored.loop ~= loop) then
    return {'moved', stored.conn, stored.n}
  end
  saveOwner(ownerKey, seat)
  moveCounts(follows, stored, seat)
  local state, from = loadState(stateKey, epoch, nowUs), 0
  if state then
    from = standing(state, seat.epoch, seat.number)
    dropHead(state, list, nowMs, 1)
    if state.changed then
      saveState(stateKey, state)
    end
  end
  local reply = {
    'owned', seat.generation, state and state.expired or 0, state and state.expiredUpTo or 0,
    replyOfFollowing(loadFollowing(followingKey))
  }
  return read(reply, state, list, from, epoch, nowMs, maxMessages, maxBytes)
end

local reply = {}
for i = FIRST_CLIENT, #ARGV, ARGUMENTS_A_CLIENT do
  local key = #reply * 4 + 1
  reply[#reply + 1] = reclaim(KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], KEYS[key + 4], {
    node = node, loop = loop, generation = tonumber(ARGV[i]), transport = tonumber(ARGV[i + 1]),
    conn = ARGV[i + 2], n = tonumber(ARGV[i + 3]), epoch = tonumber(ARGV[i + 4]), number = tonumber(ARGV[i + 5]),
    tags = ARGV[i + 6]
  })
end
return reply
