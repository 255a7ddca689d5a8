#!lua
-- describe: writes the description of this Redis as a whole, since several processes may start at
-- once, and each may be killed. Fields that an interrupted start of an older release left out are
-- added. A description of another layout is not changed; the reader rejects it.
-- KEYS     1 claimcheck:meta
-- ARGV     1 layout version  2 number of partitions  3 a fresh epoch
-- Returns  all stored fields and values
local schema = redis.call('HGET', KEYS[1], 'schema')
if not schema or schema == ARGV[1] then
  redis.call('HSETNX', KEYS[1], 'schema', ARGV[1])
  redis.call('HSETNX', KEYS[1], 'partitions', ARGV[2])
  redis.call('HSETNX', KEYS[1], 'epoch', ARGV[3])
  redis.call('HSETNX', KEYS[1], 'born_s', redis.call('TIME')[1])
end
return redis.call('HGETALL', KEYS[1])
