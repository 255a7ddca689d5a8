#!lua flags=allow-oom
-- release_refunds: a person has checked the refunds; the breaker closes and counts from now on.
-- KEYS     1 claimcheck:{refunds}:breaker
-- Returns  1 = it was open, 0 = it was not
local time = redis.call('TIME')
local open = redis.call('HDEL', KEYS[1], 'reason', 'opened_us') > 0
redis.call('HSET', KEYS[1], 'released_us', string.format('%.0f', time[1] * 1000000 + time[2]))
return open and 1 or 0
