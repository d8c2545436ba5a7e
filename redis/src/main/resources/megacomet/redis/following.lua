-- What the scripts know of what the application has a client follow. Put in front of every script that says
-- `-- with following.lua`.
--
-- `following` is a hash: a field is the name of a topic or pattern, its value the name's tag (8 bytes), the position up to
-- which the client has confirmed it as epoch and number, 1 if it is a pattern (whose position is 0) else 0, and the tags
-- of all patterns that cover it.

local FOLLOWING = '>c8I4I8B'

-- What the client is to follow, or nil if that is nothing.
local function loadFollowing(key)
  local all = redis.call('HGETALL', key)
  if #all == 0 then
    return nil
  end
  local following = {}
  for i = 1, #all, 2 do
    local f, covers = {name = all[i], packed = all[i + 1]}, nil
    f.tag, f.epoch, f.number, f.isPattern, covers = struct.unpack(FOLLOWING, f.packed)
    f.covers = string.sub(f.packed, covers)
    following[#following + 1] = f
  end
  return following
end

-- Raises positions to those in ARGV[first] to ARGV[last], which are tags, epochs and numbers. Never lowers one: a later
-- master's numbers are above an earlier one's.
local function raiseFollowing(key, following, first, last)
  local epochs, numbers = {}, {}
  for i = first, last, 3 do
    epochs[ARGV[i]], numbers[ARGV[i]] = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  end
  for _, f in ipairs(following) do
    local number = numbers[f.tag]
    if number and f.isPattern == 0 and number > f.number then
      f.epoch, f.number = epochs[f.tag], number
      redis.call('HSET', key, f.name, struct.pack(FOLLOWING, f.tag, f.epoch, f.number, 0) .. f.covers)
    end
  end
end

-- Adds to tags those of what is to be followed, unless it is among them or is covered by what is.
local function withFollowing(tags, following)
  local all = {}
  for i = 1, #tags, 8 do
    all[string.sub(tags, i, i + 7)] = true
  end
  for _, f in ipairs(following) do
    all[f.tag] = true
  end
  for _, f in ipairs(following) do
    for i = 1, #f.covers, 8 do
      if all[string.sub(f.covers, i, i + 7)] then
        all[f.tag] = nil
      end
    end
  end
  local sorted = {}
  for tag in pairs(all) do
    sorted[#sorted + 1] = tag
  end
  table.sort(sorted)
  return table.concat(sorted)
end

-- What following looks like in a reply: for each its name, epoch, number, and 1 for a pattern.
local function replyOfFollowing(following)
  local reply = {}
  for _, f in ipairs(following or {}) do
    for _, value in ipairs({f.name, f.epoch, f.number, f.isPattern}) do
      reply[#reply + 1] = value
    end
  end
  return reply
end
