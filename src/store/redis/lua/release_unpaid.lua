#!lua flags=allow-oom
-- release_unpaid: the order is not unpaid any more. A repeated call changes nothing.
-- KEYS     1 claimcheck:{pNN}:unpaid
-- ARGV     1 the session id
-- Returns  1
local bytes = redis.call('HGET', KEYS[1], ARGV[1])
if bytes then
  redis.call('HINCRBY', KEYS[1], 'total', string.format('%.0f', 0 - bytes))
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 1
