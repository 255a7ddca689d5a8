#!lua
-- retry_message: makes a dead message due now, with all its attempts again.
-- KEYS     1 claimcheck:{pNN}:outbox:<channel>   2 claimcheck:{pNN}:message:<channel>:<id>
--          3 claimcheck:{pNN}:dead
-- ARGV     1 the id   2 its name among the dead: <channel>:<id>   3 life of the record, ms
-- Returns  1 = it is tried again, 0 = it was not among the dead
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('ZCARD', KEYS[1])
if redis.call('ZREM', KEYS[3], ARGV[2]) == 0 then return 0 end
local time = redis.call('TIME')
redis.call('HSET', KEYS[2], 'state', 'waiting', 'attempts', '0')
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[1], string.format('%.0f', time[1] * 1000000 + time[2]), ARGV[1])
return 1
