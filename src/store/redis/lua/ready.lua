#!lua
-- ready: can Redis be written to? It refuses to start a script that may write when it could not:
-- memory full, read-only replica, disk failing, too few replicas. The write is a real one, because
-- a following WAIT would speak of an older one otherwise (Redis 8, Valkey 8). Nothing is written
-- into a Redis that was emptied: what is missing there must stay to be seen.
-- KEYS     1 claimcheck:meta
-- Returns  1
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'probed_s', redis.call('TIME')[1])
end
return 1
