#!lua flags=allow-oom
-- generator_answered: the generator accepted a submit, or answered what is wrong with it.
-- KEYS     1 claimcheck:{generator:<name>}:breaker
-- Returns  how long it was away, us; 0 = it was not
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local since = redis.call('HGET', KEYS[1], 'since_us')
if not since then
  redis.call('HDEL', KEYS[1], 'misses')
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'closed_us', string.format('%.0f', now), 'sent', 0)
redis.call('EXPIRE', KEYS[1], 3600)
return math.max(now - since, 1)
