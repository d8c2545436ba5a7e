-- What the scripts know of a client's owner and of wakes. Put in front of every script that says `-- with owner.lua`.
--
-- The owner is one string: format 2, node (11 characters), loop, transport, generation, conn (8 bytes), n, and then the
-- tags (8 bytes each) of what the client follows, in their order: see counts.lua.
-- A generation fences: it rises with every claim, and renewing or releasing with an older one does nothing.
-- conn is a page's own random number, n counts its polls; eight zero bytes are no conn.
--
-- A wake (see Wake.java) is: format 1, kind, epoch, counter, loop, generation, client's length, client, and then by kind
--   message  number before, number, and the envelope unless it is too long for a wake
--   moved    the new generation, conn, n
--   ended    nothing
--   follows  nothing
-- The counter is the node's own in this partition and rises with each wake, so that the node notices those it lost.

local OWNER = '>Bc11I2BI8c8I8'
local OWNER_LIFE_MS = 3600000
local NO_CONN = '\0\0\0\0\0\0\0\0'

local WAKE = '>BBI4I8I2I8I2'
local WAKE_MESSAGE, WAKE_MOVED, WAKE_ENDED, WAKE_FOLLOWS, WAKE_TOPIC = 1, 2, 3, 4, 5

-- A node's counter that nothing has raised for a day may vanish: the node then reads again what it holds.
local COUNTERS_LIFE_MS = 86400000

local function unpackOwner(packed)
  if not packed then
    return nil
  end
  local format, node, loop, transport, generation, conn, n, tags = struct.unpack(OWNER, packed)
  assert(format == 2, 'an owner of another format')
  return {
    node = node, loop = loop, transport = transport, generation = generation, conn = conn, n = n,
    tags = string.sub(packed, tags)
  }
end

local function loadOwner(key)
  return unpackOwner(redis.call('GET', key))
end

local function saveOwner(key, o)
  redis.call('SET', key, struct.pack(OWNER, 2, o.node, o.loop, o.transport, o.generation, o.conn, o.n) .. o.tags,
    'PX', OWNER_LIFE_MS)
end

-- Raises a node's counter and returns it.
local function nextCounter(counters, node)
  local counter = redis.call('HINCRBY', counters, node, '1')
  if counter % 64 == 1 then
    redis.call('PEXPIRE', counters, COUNTERS_LIFE_MS)
  end
  return counter
end

-- Raises the owner's counter and returns the beginning of a wake for it.
local function startWake(kind, epoch, counters, owner, client)
  return struct.pack(WAKE, 1, kind, epoch, nextCounter(counters, owner.node), owner.loop, owner.generation, #client) .. client
end

-- Sends a wake and tells whether anybody listened. A wake is a hint: that it cannot be sent is no reason to fail.
local function sendWake(channel, owner, wake)
  local reached = redis.pcall('SPUBLISH', channel .. owner.node, wake)
  return type(reached) == 'number' and reached > 0
end
