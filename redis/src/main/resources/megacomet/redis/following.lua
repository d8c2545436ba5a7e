-- What the scripts know of what the application has a client follow. Put in front of every script that says
-- `-- with following.lua`.
--
-- `following` is a hash: a field is the name of a topic or pattern, its value the name's tag (8 bytes), the position up to
-- which the client has confirmed it as epoch and number, 1 if it is a pattern (whose position is 0) else 0, how many
-- patterns cover it and the tags of those; and of a pattern where each partition was when it began (see Beginnings.java),
-- until the client has confirmed a cursor that knows the pattern.

local FOLLOWING = '>c8I4I8BB'

local function packFollowing(f)
  return struct.pack(FOLLOWING, f.tag, f.epoch, f.number, f.isPattern, #f.covers / 8) .. f.covers .. f.beginning
end

-- What the client is to follow, or nil if that is nothing.
local function loadFollowing(key)
  local all = redis.call('HGETALL', key)
  if #all == 0 then
    return nil
  end
  local following = {}
  for i = 1, #all, 2 do
    local f, packed, covers, at = {name = all[i]}, all[i + 1], nil, nil
    f.tag, f.epoch, f.number, f.isPattern, covers, at = struct.unpack(FOLLOWING, packed)
    f.covers = string.sub(packed, at, at + 8 * covers - 1)
    f.beginning = string.sub(packed, at + 8 * covers)
    following[#following + 1] = f
  end
  return following
end

-- Raises positions to those in ARGV[first] to ARGV[last], which are tags, epochs and numbers. Never lowers one: a later
-- master's numbers are above an earlier one's. A pattern of which there is one needs its beginning no more; what was loaded
-- keeps it for this run.
local function raiseFollowing(key, following, first, last)
  local epochs, numbers = {}, {}
  for i = first, last, 3 do
    epochs[ARGV[i]], numbers[ARGV[i]] = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  end
  for _, f in ipairs(following) do
    local number = numbers[f.tag]
    if number and f.isPattern == 0 and number > f.number then
      f.epoch, f.number = epochs[f.tag], number
      redis.call('HSET', key, f.name, packFollowing(f))
    elseif number and f.isPattern == 1 and f.beginning ~= '' then
      local beginning = f.beginning
      f.beginning = ''
      redis.call('HSET', key, f.name, packFollowing(f))
      f.beginning = beginning
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

-- What following looks like in a reply: for each its name, epoch, number, 1 for a pattern, and its beginning.
local function replyOfFollowing(following)
  local reply = {}
  for _, f in ipairs(following or {}) do
    for _, value in ipairs({f.name, f.epoch, f.number, f.isPattern, f.beginning}) do
      reply[#reply + 1] = value
    end
  end
  return reply
end
