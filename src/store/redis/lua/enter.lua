#!lua
-- enter: gives a new order its places: the work index, the bytes of unpaid orders, the list of all.
-- A repeated call changes nothing; the total of bytes is exact at every moment.
-- KEYS     1 claimcheck:{pNN}:due   2 claimcheck:{pNN}:unpaid   3 claimcheck:{pNN}:recent
-- ARGV     1 the session id   2 when it is due at the latest, us   3 its bytes
--          4 when it was created, us   5 listed orders kept
-- Returns  the bytes of all unpaid orders in this partition
redis.call('ZCARD', KEYS[1]) -- a key of another type fails here, before the first write
redis.call('ZCARD', KEYS[3])
local before = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
local total = redis.call('HINCRBY', KEYS[2], 'total', string.format('%.0f', ARGV[3] - before))
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
-- Earlier only: a later time would put off an order that is due already.
redis.call('ZADD', KEYS[1], 'LT', ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
-- Trimmed after each addition, so that no job has to clean up.
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -ARGV[5] - 1)
return total
