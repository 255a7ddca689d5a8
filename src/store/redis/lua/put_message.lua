#!lua flags=allow-oom
-- put_message: puts a message into the outbox, once. While its record exists, waiting or ended, it
-- is not put again.
-- KEYS     1 claimcheck:{pNN}:outbox:<channel>   2 claimcheck:{pNN}:message:<channel>:<id>
-- ARGV     1 the id   2 the session id   3 the notification's name   4 life of the record, ms
-- Returns  1 = put, 0 = it was there
-- The order has reached its state already, so the message must be kept when memory is full.
if redis.call('EXISTS', KEYS[2]) == 1 then
  -- The same expiry again is a write: a WAIT behind it then covers the record that was found.
  redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[2]))
  return 0
end
redis.call('ZCARD', KEYS[1]) -- an outbox that is no zset fails here, before the first write
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('HSET', KEYS[2], 'session', ARGV[2], 'news', ARGV[3], 'state', 'waiting',
  'first_us', now, 'attempts', '0', 'last_us', '0', 'last_status', '0', 'last_why', '')
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return 1
