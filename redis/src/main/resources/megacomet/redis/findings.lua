-- What the scripts that verify have in common. Put in front of every script that says `-- with findings.lua`, after
-- stream.lua.

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
  -- A slot's migration counts the rest of a key's time anew, where it comes to.
  expect(math.abs(redis.call('PEXPIRETIME', key) - s.keep) < STATE_AHEAD_MS, key, 'it does not expire when it says')
  return s
end

-- Verifies that envelopes which are kept at key rise in number and are what the state says of them.
local function checkEnvelopes(key, s, envelopes)
  if #envelopes == 0 then
    return
  end
  expect(s, key, 'messages without a state')
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
    expect(#envelopes == s.count, key, 'it has ' .. number(#envelopes) .. ' messages, the state says ' .. number(s.count))
    expect(bytes == s.bytes, key, 'it has ' .. number(bytes) .. ' bytes, the state says ' .. number(s.bytes))
  end
end
