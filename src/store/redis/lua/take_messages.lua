#!lua flags=allow-oom
-- take_messages: hides due messages for a lease, and returns them with the score that it gave them.
-- By that score `settle_message` knows whether the lease still holds. A message without a record is
-- dropped.
-- KEYS     1 claimcheck:{pNN}:outbox:<channel>   2 the prefix of its records:
--          claimcheck:{pNN}:message:<channel>:
-- ARGV     1 how many at most   2 lease, us
-- Returns  id, score, id, score, ..
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local hidden_until = string.format('%.0f', now + ARGV[2])
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now),
  'LIMIT', 0, ARGV[1])) do
  if redis.call('EXISTS', KEYS[2] .. id) == 0 then
    redis.call('ZREM', KEYS[1], id)
  else
    redis.call('ZADD', KEYS[1], hidden_until, id)
    taken[#taken + 1] = id
    taken[#taken + 1] = hidden_until
  end
end
return taken
