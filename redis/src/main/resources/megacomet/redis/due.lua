-- When mailboxes should be looked into because a message in them has died, or was driven out: an index of a partition,
-- client → epoch ms. Put in front of every script that says `-- with due.lua`.

-- What a mailbox has lost is told by a sweep, which must still find it: lists outlive their last message by this, and the
-- index its last entry.
local LISTS_OUTLIVE_MS = 120000

-- Has the client's mailbox looked into at dueMs at the latest. The index is kept until keepMs at least.
local function noteDue(due, client, dueMs, keepMs)
  redis.call('ZADD', due, 'LT', dueMs, client)
  if redis.call('PEXPIREAT', due, keepMs, 'GT') == 0 then
    redis.call('PEXPIREAT', due, keepMs, 'NX')
  end
end
