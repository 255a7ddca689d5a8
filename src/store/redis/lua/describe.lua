#!lua
-- describe: writes the description of this Redis, whole: several processes may start at once, and
-- any may be killed. What an interrupted start of an older release left out is added. A description
-- of another layout is left as it is, for the reader to refuse.
-- KEYS     1 claimcheck:meta
-- ARGV     1 layout version  2 number of partitions  3 a fresh epoch
-- Returns  all fields and values that stand there now
local schema = redis.call('HGET', KEYS[1], 'schema')
if not schema or schema == ARGV[1] then
  redis.call('HSETNX', KEYS[1], 'schema', ARGV[1])
  redis.call('HSETNX', KEYS[1], 'partitions', ARGV[2])
  redis.call('HSETNX', KEYS[1], 'epoch', ARGV[3])
  redis.call('HSETNX', KEYS[1], 'born_s', redis.call('TIME')[1])
end
return redis.call('HGETALL', KEYS[1])
