#!lua flags=allow-oom
-- brake: the peer answered that the calls were too many. No process calls for a moment, then all go
-- slower.
-- KEYS     1 claimcheck:{pace}:<limit>
-- ARGV     1 burst, us   2 pause, us   3 how long at half the pace, us
--          4 the furthest moment that any script sets, us from now
-- Returns  1
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local next = tonumber(redis.call('HGET', KEYS[1], 'next_us') or 0)
if next - now > tonumber(ARGV[4]) then next = now end
next = math.max(next, now + ARGV[1] + ARGV[2])
redis.call('HSET', KEYS[1], 'next_us', string.format('%.0f', next),
  'slow_until_us', string.format('%.0f', now + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[4] / 1000))
return 1
