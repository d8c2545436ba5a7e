#!lua flags=no-writes
-- with stream.lua
-- with owner.lua
-- with topics.lua
-- with counts.lua
-- with findings.lua
-- Verifies what all topics of one partition share, and that it counts the followers whom its owners' records say. Changes
-- nothing.
--
-- KEYS  passed, recent, followed, follows, and the owners of all its clients; any of them may be missing
-- reply what is wrong, a sentence each; empty if nothing is

local passedKey, recent, followed, follows = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local FIRST_OWNER = 5

local passed = checkState(passedKey)
local before = passed and passed.confirmed or 0
for _, entry in ipairs(redis.call('LRANGE', recent, 0, -1)) do
  local _, mode, n, _, _, afterHeader = struct.unpack(ENVELOPE, entry)
  local messageNumber, afterNumber = struct.unpack(PASSED, entry, afterHeader)
  expect(n > before, recent, number(n) .. ' follows ' .. number(before))
  expect(mode ~= RELAY, recent, number(n) .. ' was only relayed')
  expect(messageNumber > 0 and afterNumber <= #entry, recent, number(n) .. ' is of no message')
  before = n
end
expect(not passed or before <= passed.last, recent, number(before) .. ' was not given yet')
expect(passed or before == 0, recent, 'an index without a state')

local all = redis.call('HGETALL', followed)
for i = 1, #all, 2 do
  expect(#all[i + 1] > 0 and #all[i + 1] % ENTRY_BYTES == 0, followed, all[i] .. ' is followed by half an entry')
  for at = 1, #all[i + 1], ENTRY_BYTES do
    local entry = string.sub(all[i + 1], at, at + ENTRY_BYTES - 1)
    expect(string.match(string.sub(entry, 1, NODE_BYTES), '^%w+$'), followed, all[i] .. ' is followed by no node')
    expect(findEntry(all[i + 1], entry) == at, followed, all[i] .. ' is followed twice by one loop')
  end
end

local counts = {}
for i = FIRST_OWNER, #KEYS do
  local owner = loadOwner(KEYS[i])
  for at = 1, owner and #owner.tags or 0, TAG_BYTES do
    local field = string.sub(owner.tags, at, at + TAG_BYTES - 1) .. owner.node
    counts[field] = (counts[field] or 0) + 1
  end
end
all = redis.call('HGETALL', follows)
for i = 1, #all, 2 do
  local node = string.sub(all[i], TAG_BYTES + 1)
  if string.sub(all[i], 1, TAG_BYTES) ~= SINCE then
    local count = counts[all[i]] or 0
    expect(tonumber(all[i + 1]) == count, follows, 'it says ' .. all[i + 1] .. ' where ' .. number(count) .. ' follow at ' .. node)
    counts[all[i]] = nil
  end
end
for field, count in pairs(counts) do
  expect(false, follows, 'it misses ' .. number(count) .. ' who follow at ' .. string.sub(field, TAG_BYTES + 1))
end
return findings
