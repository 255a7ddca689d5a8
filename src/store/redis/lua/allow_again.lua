#!lua flags=allow-oom
-- allow_again: may one more generation be bought after a failure? Only so many a day are allowed,
-- for all orders together. A generation that was allowed once stays allowed for that day.
-- KEYS     1 claimcheck:{generator}:again
-- ARGV     1 which: <session id>/<unit>/<attempt that failed>   2 how many a day
-- Returns  1 = yes
local time = redis.call('TIME')
local now, day = time[1] * 1000000 + time[2], 86400 * 1000000
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - day))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('EXPIRE', KEYS[1], 86400)
return 1
