#!lua
-- create: stores a new order, once.
-- KEYS     1 session:<id>   2 claim:{session:<id>}   3 history:{session:<id>}
-- ARGV     1 life of claim and history, ms   2 life of the session value, ms
--          3 history line   4 history lines kept
--          5 "1" = a session value is given   6 the session value
--          7.. the claim: field, value, field, value, .. without
--          those that are at their default
-- Returns  1 = stored, 0 = there is a claim already: nothing was written
-- An existing session value is not changed.
if redis.call('EXISTS', KEYS[2]) == 1 then
  -- The same expiry again is a write: a WAIT behind it then covers the claim that was found.
  redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[2]))
  return 0
end
redis.call('LLEN', KEYS[3]) -- a history that is no list fails here, before the first write

redis.call('HSET', KEYS[2], unpack(ARGV, 7))
redis.call('PEXPIRE', KEYS[2], ARGV[1])
if ARGV[5] == '1' then redis.call('SET', KEYS[1], ARGV[6], 'NX', 'PX', ARGV[2]) end
redis.call('RPUSH', KEYS[3], ARGV[3])
redis.call('LTRIM', KEYS[3], -ARGV[4], -1)
redis.call('PEXPIRE', KEYS[3], ARGV[1])
return 1
