#!lua flags=allow-oom
-- settle: the ack of a taken member: parks or removes it, unless it was woken since; then its score
-- is not the one that `take` wrote. A woken member is not removed and never made later, but it
-- becomes due at the time given here if that is earlier.
-- KEYS     1 claimcheck:{pNN}:due   2 claimcheck:{pNN}:taken
-- ARGV     1 the member   2 the score that `take` wrote   3 park for so many us, "" = remove
-- Returns  1 = parked or removed, 0 = another score, or gone
redis.call('HDEL', KEYS[2], ARGV[1])
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return 0 end
local ours = tonumber(score) == tonumber(ARGV[2])
if ARGV[3] == '' then return ours and redis.call('ZREM', KEYS[1], ARGV[1]) or 0 end
local time = redis.call('TIME')
local next_look = time[1] * 1000000 + time[2] + ARGV[3]
if ours or next_look < tonumber(score) then
  redis.call('ZADD', KEYS[1], string.format('%.0f', next_look), ARGV[1])
end
return ours and 1 or 0
