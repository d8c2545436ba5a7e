-- When mailboxes should be looked into because a message in them has died: an index of a partition, client → epoch ms.
-- Put in front of every script that says `-- with due.lua`.

-- The index outlives its last entry by this, so that a sweep still finds it.
local DUE_OUTLIVES_MS = 120000

-- Whether a mailbox will be looked into in time without being noted again: none of its messages dies sooner than when it was
-- noted, and it does not live for much longer than that.
local function isNotedWell(soonestBefore, s, latestExpiry)
  return s.soonest == soonestBefore and latestExpiry - soonestBefore <= DUE_OUTLIVES_MS / 2
end

-- Has the client's mailbox looked into at dueMs at the latest. The index is kept until keepMs at least.
local function noteDue(due, client, dueMs, keepMs)
  redis.call('ZADD', due, 'LT', dueMs, client)
  if redis.call('PEXPIREAT', due, keepMs, 'GT') == 0 then
    redis.call('PEXPIREAT', due, keepMs, 'NX')
  end
end
