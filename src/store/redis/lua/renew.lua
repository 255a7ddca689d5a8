#!lua flags=allow-oom
-- renew: prolongs the lease of a taken member, so that slow work is not mistaken for a dead worker.
-- Nothing happens when the member was woken, taken again or settled: its score is another one then.
-- KEYS     1 claimcheck:{pNN}:due   2 claimcheck:{pNN}:taken
-- ARGV     1 the member   2 the score that `take` or the last `renew` wrote   3 lease, us
-- Returns  the new score, "" = not renewed
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local before = redis.call('HGET', KEYS[2], ARGV[1])
if not score or not before or tonumber(score) ~= tonumber(ARGV[2]) then return '' end
local time = redis.call('TIME')
local hidden_until = string.format('%.0f', time[1] * 1000000 + time[2] + ARGV[3])
local lapses = string.match(before, '%d+ (%d+)')
redis.call('ZADD', KEYS[1], hidden_until, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], hidden_until .. ' ' .. lapses)
return hidden_until
