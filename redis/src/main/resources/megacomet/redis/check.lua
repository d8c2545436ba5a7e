#!lua flags=no-writes
-- with stream.lua
-- with owner.lua
-- with following.lua
-- with findings.lua
-- Verifies what clients of one partition have in Redis. Changes nothing.
--
-- KEYS  for each client: state, list, owner, following; any of them may be missing
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
    expect(isPattern == 0 or f.number == 0, key, f.name .. ' has a position')
  end
end

for i = 1, #KEYS, 4 do
  checkEnvelopes(KEYS[i + 1], checkState(KEYS[i]), redis.call('LRANGE', KEYS[i + 1], 0, -1))
  checkOwner(KEYS[i + 2])
  checkFollowing(KEYS[i + 3])
end
return findings
