#!lua flags=allow-oom
-- settle: parks or removes a taken member, unless somebody knocked since: then its score is
-- another than the one `take` wrote, and the member stays as it is.
-- KEYS     1 claimcheck:{pNN}:due
-- ARGV     1 the member   2 the score that `take` wrote   3 park for so many us, "" = remove
-- Returns  1 = parked or removed, 0 = another score, or gone: nothing was written
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
local time = redis.call('TIME')
local next_look = time[1] * 1000000 + time[2] + ARGV[3]
redis.call('ZADD', KEYS[1], string.format('%.0f', next_look), ARGV[1])
return 1
