#!lua flags=allow-oom
-- settle: the ack of a taken member: parks or removes it, unless it was woken since; then its score
-- is not the one that `take` wrote. A woken member is not removed and never made later, but it
-- becomes due at the time given here if that is earlier. What is removed is not unpaid any more:
-- after the payment a crash may have come before its bytes were released.
-- KEYS     1 claimcheck:{pNN}:due   2 claimcheck:{pNN}:taken   3 claimcheck:{pNN}:unpaid
-- ARGV     1 the member   2 the score that `take` wrote   3 park for so many us, "" = remove
-- Returns  1 = parked or removed, 0 = another score, or gone
redis.call('HDEL', KEYS[2], ARGV[1])
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return 0 end
local ours = tonumber(score) == tonumber(ARGV[2])
if ARGV[3] == '' then
  if not ours then return 0 end
  local bytes = redis.call('HGET', KEYS[3], ARGV[1])
  if bytes then
    redis.call('HINCRBY', KEYS[3], 'total', string.format('%.0f', 0 - bytes))
    redis.call('HDEL', KEYS[3], ARGV[1])
  end
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
local time = redis.call('TIME')
local next_look = time[1] * 1000000 + time[2] + ARGV[3]
if ours or next_look < tonumber(score) then
  redis.call('ZADD', KEYS[1], string.format('%.0f', next_look), ARGV[1])
end
return ours and 1 or 0
