#!lua flags=no-writes
-- with stream.lua
-- with owner.lua
-- Verifies what clients of one partition have in Redis. Changes nothing.
--
-- KEYS  for each client: state, list, owner; any of them may be missing
-- reply what is wrong, a sentence each; empty if nothing is

local findings = {}

local function number(value)
  return string.format('%.0f', value)
end

local function expect(isTrue, key, what)
  if not isTrue then
    findings[#findings + 1] = key .. ': ' .. what
  end
end

local function checkState(key)
  local packed = redis.call('GET', key)
  if not packed then
    return nil
  end
  local s = loadState(key, struct.unpack('>I4', packed, 3), 0)
  expect(s.confirmed <= s.last, key, 'confirmed ' .. number(s.confirmed) .. ' is above last ' .. number(s.last))
  expect(s.floor <= s.last, key, 'floor ' .. number(s.floor) .. ' is above last ' .. number(s.last))
  expect(s.base <= s.last, key, 'base ' .. number(s.base) .. ' is above last ' .. number(s.last))
  expect(s.last < 9007199254740992, key, 'last ' .. number(s.last) .. ' is no exact double')
  expect(redis.call('PEXPIRETIME', key) == s.keep, key, 'it does not expire when it says')
  return s
end

local function checkList(key, s)
  local envelopes = redis.call('LRANGE', key, 0, -1)
  if #envelopes == 0 then
    return
  end
  expect(s, key, 'a list without a state')
  local before, bytes, latest = 0, 0, 0
  for _, envelope in ipairs(envelopes) do
    local version, _, n, at, expiry = struct.unpack(ENVELOPE, envelope)
    expect(version == 1, key, 'an envelope of version ' .. number(version))
    expect(n > before, key, number(n) .. ' follows ' .. number(before))
    expect(expiry > at, key, number(n) .. ' expires before it was published')
    before, bytes, latest = n, bytes + #envelope, math.max(latest, expiry)
    if s then
      expect(expiry >= s.soonest, key, number(n) .. ' expires before soonest ' .. number(s.soonest))
      expect(n > s.confirmed, key, number(n) .. ' is kept although ' .. number(s.confirmed) .. ' is confirmed')
    end
  end
  expect(redis.call('PEXPIRETIME', key) >= latest, key, 'it expires before its last message')
  if s then
    expect(before <= s.last, key, number(before) .. ' is above last ' .. number(s.last))
    expect(bytes == s.bytes, key, 'it has ' .. number(bytes) .. ' bytes, the state says ' .. number(s.bytes))
  end
end

local function checkOwner(key)
  local owner = loadOwner(key)
  if owner then
    local left = redis.call('PTTL', key)
    expect(left > 0 and left <= OWNER_LIFE_MS, key, 'it expires in ' .. number(left) .. ' ms')
    expect(string.match(owner.node, '^%w+$'), key, 'a node with a strange name')
  end
end

for i = 1, #KEYS, 3 do
  checkList(KEYS[i + 1], checkState(KEYS[i]))
  checkOwner(KEYS[i + 2])
end
return findings
