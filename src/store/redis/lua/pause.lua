#!lua flags=allow-oom
-- pause: a person pauses the checkout, until a person resumes.
-- KEYS     1 claimcheck:{checkout}:pause
-- ARGV     1 who
-- Returns  1 = there was no pause by a person before
local time = redis.call('TIME')
local before = redis.call('HMGET', KEYS[1], 'since_us', 'by')
if before[2] then return 0 end
redis.call('HSET', KEYS[1], 'by', ARGV[1],
  'since_us', before[1] or string.format('%.0f', time[1] * 1000000 + time[2]))
redis.call('HDEL', KEYS[1], 'until_us')
redis.call('PERSIST', KEYS[1])
return 1
