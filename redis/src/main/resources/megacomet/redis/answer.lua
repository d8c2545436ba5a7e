#!lua
-- A node answers a question (see Question.java).
--
-- KEYS  the answers
-- ARGV  this node's answer, how long answers are kept in ms
-- reply how many answers there are

local answers, answer, lifeMs = KEYS[1], ARGV[1], tonumber(ARGV[2])

local count = redis.call('RPUSH', answers, answer)
redis.call('PEXPIRE', answers, lifeMs)
return count
