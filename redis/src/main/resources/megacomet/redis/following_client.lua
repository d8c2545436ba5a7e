#!lua flags=no-writes
-- with following.lua
-- Lists what the application has a client follow.
--
-- KEYS  following (see following.lua)
-- reply for each its name, epoch, number, 1 for a pattern, and its beginning

return replyOfFollowing(loadFollowing(KEYS[1]))
