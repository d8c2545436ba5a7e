-- What the scripts know of a stream: its state, its list of envelopes, and the clock and epoch of its master.
-- This text is put in front of every script that says `-- with stream.lua`; it runs nothing by itself.
--
-- The state is one string that outlives the list, because numbers must never be given twice:
--   format     2
--   mode       what is kept of the messages: LOG of every mailbox, any of a topic
--   epoch      tag of the master that gave the latest numbers
--   last       the latest number given
--   confirmed  everything up to here was confirmed; 0 if nothing ever was
--   base       where the numbering began; the first message has base + 1
--   rebased    1 if it began here because another master took over, 0 if the stream was new
--   floor      the highest number that was taken away unconfirmed, and
--   reason     why (see Gap.Reason)
--   count      how many envelopes were kept when it was written, and
--   bytes      what they summed up to; what is kept may have expired since
--   soonest    no message in the list expires before this, epoch ms
--   keep       when the state itself may go, epoch ms
--
-- Numbers are doubles in Lua. All of these stay below 2^53; none is ever turned into text by tostring or .., which
-- would write 1.79e+15. (redis.call writes numbers with 17 digits, which takes it three times as long as %d does.)

local STATE = '>BBI4I8I8I8BI8BI4I4I8I8'
local ENVELOPE = '>BBI8I8I8'

local EXPIRED, OVERFLOW, DELETED, FAILOVER = 1, 2, 3, 4
local LOG, LATEST, RELAY = 0, 1, 2

-- A promoted replica may lack the last numbers that its master gave. It begins at least this far above those it knows of
-- and above the clock; and its epoch further, because the next replica may lack even that this one began anew, and must
-- not begin at the same number (docs/decisions/0003).
local FAILOVER_JUMP = 4294967296

-- The state outlives the longest life of its messages by this at least. When its time must be set, it is set for a little
-- longer, so that it need not be set with each message.
local STATE_OUTLIVES_MS = 86400000
local STATE_AHEAD_MS = 600000

local function clockMicros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- The master's replication id changes at every promotion and restart; its first 32 bits are the epoch.
local function masterEpoch()
  local info = redis.call('INFO', 'replication')
  local _, at = string.find(info, 'master_replid:', 1, true)
  return tonumber(string.sub(info, at + 1, at + 8), 16)
end

local function newState(epoch, nowUs, mode)
  return {
    mode = mode, epoch = epoch, last = nowUs, confirmed = 0, base = nowUs, rebased = 0, floor = 0, reason = 0,
    count = 0, bytes = 0, soonest = 0, keep = 0, tail = 0, changed = false, isKept = false, listExpiry = 0,
    expired = 0, expiredUpTo = 0, overflowed = 0, overflowedUpTo = 0
  }
end

-- What a state's string says, or nil if there is none. One that another master wrote begins a new incarnation: see
-- FAILOVER_JUMP. What this run finds expired or drives out, unconfirmed, is counted beside it, with the highest number of
-- those. isKept says whether its key expires when `keep` says, listExpiry when the list does that this run began.
local function unpackState(packed, epoch, nowUs)
  if not packed then
    return nil
  end
  local format, mode, writer, last, confirmed, base, rebased, floor, reason, count, bytes, soonest, keep =
    struct.unpack(STATE, packed)
  assert(format == 2, 'a stream state of another format')
  -- Made in one piece, because a table that grows costs more than all of the rest.
  local s = {
    mode = mode, epoch = writer, last = last, confirmed = confirmed, base = base, rebased = rebased, floor = floor,
    reason = reason, count = count, bytes = bytes, soonest = soonest, keep = keep, tail = last, changed = false,
    isKept = true, listExpiry = 0, expired = 0, expiredUpTo = 0, overflowed = 0, overflowedUpTo = 0
  }
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

local function loadState(key, epoch, nowUs)
  return unpackState(redis.call('GET', key), epoch, nowUs)
end

-- Has the state outlive a message that expires then.
local function outlive(s, expiry)
  if expiry + STATE_OUTLIVES_MS > s.keep then
    s.keep = expiry + STATE_OUTLIVES_MS + STATE_AHEAD_MS
    s.isKept = false
  end
end

local function saveState(key, s)
  local packed = struct.pack(STATE, 2, s.mode, s.epoch, s.last, s.confirmed, s.base, s.rebased, s.floor, s.reason, s.count,
    s.bytes, s.soonest, s.keep)
  if s.isKept then
    redis.call('SET', key, packed, 'KEEPTTL')
  else
    redis.call('SET', key, packed, 'PXAT', s.keep)
    s.isKept = true
  end
end

local function noteExpired(s, count, upTo)
  s.expired = s.expired + count
  s.expiredUpTo = math.max(s.expiredUpTo, upTo)
end

-- The list is not there: it was emptied, or Redis let it go with the last of its messages.
local function noteGone(s)
  local unconfirmed = math.min(s.count, s.tail - s.confirmed)
  if unconfirmed > 0 then
    noteExpired(s, unconfirmed, s.tail)
  end
  s.changed = s.changed or s.count ~= 0 or s.bytes ~= 0
  s.count, s.bytes = 0, 0
end

-- Takes from the list's head what is confirmed or dead. Stops at the first that is neither. Looks at so many at first, and
-- at more as long as all of them go: each call costs more than what it does.
local function dropHead(s, list, nowMs, lookAt)
  while true do
    local head = redis.call('LRANGE', list, 0, lookAt - 1)
    local dropped, bytes = 0, 0
    for _, envelope in ipairs(head) do
      local _, _, number, _, expiry = struct.unpack(ENVELOPE, envelope)
      if number > s.confirmed then
        if expiry > nowMs then
          break
        end
        s.floor = math.max(s.floor, number)
        s.reason = EXPIRED
        noteExpired(s, 1, number)
      end
      dropped = dropped + 1
      bytes = bytes + #envelope
    end
    if dropped > 0 then
      redis.call('LTRIM', list, dropped, -1)
      s.count = math.max(0, s.count - dropped)
      s.bytes = math.max(0, s.bytes - bytes)
      s.changed = true
    end
    if dropped < #head then
      return
    elseif #head < lookAt then
      noteGone(s)
      return
    end
    lookAt = math.min(8 * lookAt, 64)
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
  dropHead(s, list, nowMs, 8)
end

-- Appends to reply the live envelopes after number, within the limits but at least so many; tells whether that was all.
-- None of those is before index.
local function collect(reply, list, index, number, nowMs, least, maxMessages, maxBytes)
  local count, bytes = 0, 0
  while true do
    local chunk = redis.call('LRANGE', list, index, index + 63)
    for _, envelope in ipairs(chunk) do
      local _, _, at, _, expiry = struct.unpack(ENVELOPE, envelope)
      if at > number and expiry > nowMs then
        bytes = bytes + #envelope
        if count >= least and (count == maxMessages or bytes > maxBytes) then
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

-- Appends to reply what a reader gets first (see Reading.java): epoch, clock in ms, from, last, base, rebased, floor,
-- reason, complete. All but the first two are 0 for a stream that has no state. Returns where complete is, which says 1.
local function readState(reply, s, from, epoch, nowMs)
  local fields = s and {epoch, nowMs, from, s.last, s.base, s.rebased, s.floor, s.reason, 1}
    or {epoch, nowMs, 0, 0, 0, 0, 0, 0, 1}
  for _, field in ipairs(fields) do
    reply[#reply + 1] = field
  end
  return #reply
end

-- Appends to reply all that a reader of a list gets: the state, and then the envelopes.
local function read(reply, s, list, from, epoch, nowMs, maxMessages, maxBytes)
  local complete = readState(reply, s, from, epoch, nowMs)
  if s and not collect(reply, list, 0, from, nowMs, 1, maxMessages, maxBytes) then
    reply[complete] = 0
  end
  return reply
end
