#!lua flags=allow-oom
-- take_messages: hides due messages for a lease and returns them with the score it gave them, by
-- which `settle_message` knows who has them. Those whose record's life is over are dropped.
-- KEYS     1 claimcheck:{pNN}:outbox:<channel>   2 what its records begin with:
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
