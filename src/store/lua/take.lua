#!lua flags=allow-oom
-- take: hides due members for a lease and returns them with the score it gave them.
-- KEYS     1 claimcheck:{pNN}:due
-- ARGV     1 how many at most   2 lease, us
-- Returns  member, score, member, score, ..
-- The score is what `settle` compares. It need not differ between members, only between two
-- takes of one member: time has moved on by then. Work that ends orders must go on when memory is
-- full, and no member is added here.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now),
  'LIMIT', 0, ARGV[1])
local hidden_until = string.format('%.0f', now + ARGV[2])
local taken = {}
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], hidden_until, member)
  taken[#taken + 1] = member
  taken[#taken + 1] = hidden_until
end
return taken
