-- When mailboxes should be looked into because a message in them has died: an index of a partition, client → epoch ms.
-- Put in front of every script that says `-- with due.lua`.

-- The index outlives its last entry by this, so that a sweep still finds it.
local DUE_OUTLIVES_MS = 120000

-- Has the client's mailbox looked into at dueMs at the latest. The index is kept until keepMs at least.
local function noteDue(due, client, dueMs, keepMs)
  redis.call('ZADD', due, 'LT', dueMs, client)
  if redis.call('PEXPIREAT', due, keepMs, 'GT') == 0 then
    redis.call('PEXPIREAT', due, keepMs, 'NX')
  end
end
