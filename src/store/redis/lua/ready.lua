#!lua
-- ready: can Redis be written to? It refuses to start a script that may write when it could not:
-- memory full, read-only replica, disk failing, too few replicas. The script really writes, since a
-- WAIT behind it would otherwise cover an older write (Redis 8, Valkey 8). Nothing is written into
-- a Redis that was emptied: the missing description must stay visible.
-- KEYS     1 claimcheck:meta
-- Returns  1
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'probed_s', redis.call('TIME')[1])
end
return 1
