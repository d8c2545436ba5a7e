#!lua flags=no-writes
-- with stream.lua
-- with owner.lua
-- with following.lua
-- with session.lua
-- with findings.lua
-- Verifies what clients of one partition have in Redis. Changes nothing.
--
-- KEYS  for each client: state, list, owner, following, session, sessions; any of them may be missing
-- ARGV  the clients
-- reply what is wrong, a sentence each; empty if nothing is

local function checkOwner(key)
  local owner = loadOwner(key)
  if owner then
    local left = redis.call('PTTL', key)
    expect(left > 0 and left <= OWNER_LIFE_MS, key, 'it expires in ' .. number(left) .. ' ms')
    expect(string.match(owner.node, '^%w+$'), key, 'a node with a strange name')
    expect(#owner.tags % 8 == 0, key, 'half a tag')
  end
end

local function checkFollowing(key)
  for _, f in ipairs(loadFollowing(key) or {}) do
    local isPattern = string.find(f.name, '*', 1, true) and 1 or 0
    expect(f.isPattern == isPattern, key, f.name .. ' is taken for what it is not')
    expect(#f.covers % 8 == 0, key, f.name .. ' is covered by half a tag')
    expect(isPattern == 1 or f.beginning == '', key, f.name .. ' is a topic that began everywhere')
    expect(isPattern == 0 or f.number == 0, key, f.name .. ' has a position')
  end
end

-- What a session follows goes with it. Either may have expired since the keys were looked for.
local function checkSession(key, followingKey, sessions, client)
  local s = loadSession(key)
  if not s then
    return
  end
  local untilMs = redis.call('PEXPIRETIME', key)
  expect(#s.batches <= MAX_BATCHES, key, number(#s.batches) .. ' batches are not acknowledged')
  expect(s.isAcking or #s.batches == 0, key, 'it has batches without acknowledging any')
  expect(not s.isAcking or s.sent == '', key, 'it acknowledges, and yet takes what was sent for received')
  expect(tonumber(redis.call('ZSCORE', sessions, client) or nil) == untilMs, key, 'it is not counted until it goes')
  local followingUntilMs = redis.call('PEXPIRETIME', followingKey)
  expect(followingUntilMs == -2 or followingUntilMs == untilMs, followingKey, 'it does not go with its session')
end

for i, client in ipairs(ARGV) do
  local first = 6 * i - 5
  checkEnvelopes(KEYS[first + 1], checkState(KEYS[first]), redis.call('LRANGE', KEYS[first + 1], 0, -1))
  checkOwner(KEYS[first + 2])
  checkFollowing(KEYS[first + 3])
  checkSession(KEYS[first + 4], KEYS[first + 3], KEYS[first + 5], client)
end
return findings
