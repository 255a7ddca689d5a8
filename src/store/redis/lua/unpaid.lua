#!lua
-- unpaid: records how many bytes an unpaid order keeps here, 0 = none any more. A repeated call
-- changes nothing; the total is exact at every moment.
-- KEYS     1 claimcheck:{pNN}:unpaid
-- ARGV     1 the session id   2 bytes
-- Returns  the bytes of all unpaid orders in this partition
-- A release runs as the same text with flags=allow-oom.
local before = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
local total = redis.call('HINCRBY', KEYS[1], 'total', string.format('%.0f', ARGV[2] - before))
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return total
