-- What the scripts know of how many clients follow what. Put in front of every script that says `-- with counts.lua`.
--
-- An owner's record says by tags what its client follows, less what is covered by another of its patterns, so that each
-- client counts once among those who get a topic's messages. `follows` is a hash of the partition: a field is a tag and a
-- node, its value how many owners' records of that node have that tag. Whatever writes, replaces or deletes a record moves
-- the counts in the same step, so they are exact whatever happens to nodes and messages between them.
--
-- A record that expires by itself, because its node is no more or could not give it up, moves nothing: its count goes with
-- the node, which Sweeper.java sees to. Of a node that is no more a field of SINCE and its name says since when, in epoch ms.

local TAG_BYTES = 8
local SINCE = '\0\0\0\0\0\0\0\0' -- in a tag's place
local RECORD_LIFE_MS = 3600000 -- as owner.lua has it
local FOLLOWS_LIFE_MS = 7200000 -- twice an owner's record's, which is written again before it ends

local function addCounts(follows, owner, by)
  for i = 1, #owner.tags, TAG_BYTES do
    local field = string.sub(owner.tags, i, i + TAG_BYTES - 1) .. owner.node
    if redis.call('HINCRBY', follows, field, by) <= 0 then
      redis.call('HDEL', follows, field)
    end
  end
end

-- One owner's record, or nil, has taken the place of another, or nil.
local function moveCounts(follows, former, owner)
  local had, has = former and #former.tags > 0, owner and #owner.tags > 0
  if not (had and has and former.node == owner.node and former.tags == owner.tags) then
    if has then
      addCounts(follows, owner, 1)
    end
    if had then
      addCounts(follows, former, -1)
    end
  end
  if has then
    redis.call('PEXPIRE', follows, FOLLOWS_LIFE_MS)
  end
end
