#!lua flags=allow-oom
-- take: hides due members for a lease, and returns them with the score that it gave them.
-- KEYS     1 claimcheck:{pNN}:due   2 claimcheck:{pNN}:taken
-- ARGV     1 how many at most   2 lease, us   3 expired leases from which a member is taken alone
-- Returns  member, score, expired leases, member, score, expired leases, ..
-- `settle` compares the score. It must differ between two takes of one member, not between members:
-- time has moved on by then. Expired leases are counted in a row without a settle: the worker died
-- or could not write. A woken member's lease does not count, since the wake changed the score. Work
-- that ends orders must go on when memory is full; the settle removes what is added here.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
-- The clock was put back: without this a member due in a minute would wait as long as the clock
-- moved.
local last = tonumber(redis.call('HGET', KEYS[2], '!clock') or 0)
if now + 10000000 < last then
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    redis.call('ZINCRBY', KEYS[1], string.format('%.0f', now - last), member)
  end
end
if math.abs(now - last) > 10000000 then
  redis.call('HSET', KEYS[2], '!clock', string.format('%.0f', now))
end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now),
  'WITHSCORES', 'LIMIT', 0, ARGV[1])
local hidden_until = string.format('%.0f', now + ARGV[2])
local taken = {}
for place = 1, #due, 2 do
  local member, lapses = due[place], 0
  local before = redis.call('HGET', KEYS[2], member)
  if before then
    local until_when, count = string.match(before, '(%d+) (%d+)')
    local ran_out = tonumber(until_when) == tonumber(due[place + 1])
    lapses = tonumber(count) + (ran_out and 1 or 0)
  end
  local alone = lapses >= tonumber(ARGV[3])
  if alone and #taken > 0 then break end
  redis.call('ZADD', KEYS[1], hidden_until, member)
  redis.call('HSET', KEYS[2], member, hidden_until .. ' ' .. lapses)
  taken[#taken + 1] = member
  taken[#taken + 1] = hidden_until
  taken[#taken + 1] = tostring(lapses)
  if alone then break end
end
return taken
