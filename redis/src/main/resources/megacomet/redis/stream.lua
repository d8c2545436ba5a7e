-- What the scripts know of a stream: its state, its list of envelopes, and the clock and epoch of its master.
-- This text is put in front of every script that says `-- with stream.lua`; it runs nothing by itself.
--
-- The state is one string that outlives the list, because numbers must never be given twice:
--   format     2
--   epoch      tag of the master that gave the latest numbers
--   last       the latest number given
--   confirmed  everything up to here was confirmed; 0 if nothing ever was
--   base       where the numbering began; the first message has base + 1
--   rebased    1 if it began here because another master took over, 0 if the stream was new
--   floor      the highest number that was taken away unconfirmed, and
--   reason     why (see Gap.Reason)
--   bytes      what the list's envelopes sum up to
--   soonest    no message in the list expires before this, epoch ms
--   keep       when the state itself may go, epoch ms
--   expired    how many messages died unconfirmed since a sweep last told (see expire.lua), and
--   overflowed how many were driven out
--
-- Numbers are doubles in Lua. All of these stay below 2^53; none is ever turned into text by tostring or .., which
-- would write 1.79e+15. (redis.call writes numbers with 17 digits.)

local STATE = '>BI4I8I8I8BI8BI4I8I8I4I4'
local ENVELOPE = '>BBI8I8I8'

local EXPIRED, OVERFLOW, DELETED, FAILOVER = 1, 2, 3, 4

-- A promoted replica may lack the last numbers that its master gave. It begins at least this far above those it knows of
-- and above the clock; and its epoch further, because the next replica may lack even that this one began anew, and must
-- not begin at the same number (docs/decisions/0003).
local FAILOVER_JUMP = 4294967296

-- The state outlives the longest life of its messages by this.
local STATE_OUTLIVES_MS = 86400000

local function clockMicros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- The master's replication id changes at every promotion and restart; its first 32 bits are the epoch.
local function masterEpoch()
  local info = redis.call('INFO', 'replication')
  return tonumber(string.match(info, 'master_replid:(%x%x%x%x%x%x%x%x)'), 16)
end

local function newState(epoch, nowUs)
  return {
    epoch = epoch, last = nowUs, confirmed = 0, base = nowUs, rebased = 0, floor = 0, reason = 0,
    bytes = 0, soonest = 0, keep = 0, expired = 0, overflowed = 0
  }
end

-- The state, or nil if there is none. One that another master wrote begins a new incarnation: see FAILOVER_JUMP.
local function loadState(key, epoch, nowUs)
  local packed = redis.call('GET', key)
  if not packed then
    return nil
  end
  local s, format = {}, nil
  format, s.epoch, s.last, s.confirmed, s.base, s.rebased, s.floor, s.reason, s.bytes, s.soonest, s.keep, s.expired,
    s.overflowed = struct.unpack(STATE, packed)
  assert(format == 2, 'a stream state of another format')
  if s.epoch ~= epoch then
    s.epoch = epoch
    s.base = math.max(s.last, nowUs) + FAILOVER_JUMP + epoch
    s.last = s.base
    s.rebased = 1
    s.floor = s.base
    s.reason = FAILOVER
    s.changed = true
  end
  return s
end

local function saveState(key, s)
  redis.call('SET', key, struct.pack(STATE, 2, s.epoch, s.last, s.confirmed, s.base, s.rebased, s.floor, s.reason,
    s.bytes, s.soonest, s.keep, s.expired, s.overflowed), 'PXAT', s.keep)
end

-- Takes from the list's head what is confirmed or dead. Stops at the first that is neither.
local function dropHead(s, list, nowMs)
  while true do
    local envelope = redis.call('LINDEX', list, 0)
    if not envelope then
      s.changed = s.changed or s.bytes ~= 0
      s.bytes = 0
      return
    end
    local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
    if number > s.confirmed then
      if expiry > nowMs then
        return
      end
      s.floor = math.max(s.floor, number)
      s.reason = EXPIRED
      s.expired = s.expired + 1
    end
    redis.call('LPOP', list)
    s.bytes = math.max(0, s.bytes - #envelope)
    s.changed = true
  end
end

-- Where a reader stands who comes with a position (number nil: with none). A position of another master may be above
-- what this one knows of, and must not reach into the numbers that it gave itself.
local function standing(s, epoch, number)
  if not number then
    return s.confirmed
  end
  if epoch ~= s.epoch then
    number = math.min(number, s.base - 1)
  end
  return math.max(math.min(number, s.last), s.confirmed)
end

-- Confirms up to number, which is a standing, and takes from the list what is not needed any more.
local function confirm(s, list, number, nowMs)
  if number > s.confirmed then
    s.confirmed = number
    s.changed = true
  end
  dropHead(s, list, nowMs)
end

-- Appends to reply the live envelopes after number, within the limits but at least one; tells whether that was all.
local function collect(reply, list, number, nowMs, maxMessages, maxBytes)
  local count, bytes, index = 0, 0, 0
  while true do
    local chunk = redis.call('LRANGE', list, index, index + 63)
    for _, envelope in ipairs(chunk) do
      local _, _, at, _, expiry = struct.unpack(ENVELOPE, envelope)
      if at > number and expiry > nowMs then
        bytes = bytes + #envelope
        if count == maxMessages or (count > 0 and bytes > maxBytes) then
          return false
        end
        count = count + 1
        reply[#reply + 1] = envelope
      end
    end
    if #chunk < 64 then
      return true
    end
    index = index + 64
  end
end

-- Appends to reply what a reader gets (see Reading.java): epoch, clock in ms, from, last, base, rebased, floor, reason,
-- complete, and then the envelopes. All but the first two are 0 for a stream that has no state.
local function read(reply, s, list, from, epoch, nowMs, maxMessages, maxBytes)
  local fields = s and {epoch, nowMs, from, s.last, s.base, s.rebased, s.floor, s.reason}
    or {epoch, nowMs, 0, 0, 0, 0, 0, 0}
  for _, field in ipairs(fields) do
    reply[#reply + 1] = field
  end
  local complete = #reply + 1
  reply[complete] = 1
  if s and not collect(reply, list, from, nowMs, maxMessages, maxBytes) then
    reply[complete] = 0
  end
  return reply
end
