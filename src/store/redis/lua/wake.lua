#!lua flags=allow-oom
-- wake: makes a member due now. The score changes in any case, also when the member is due already:
-- so a `settle` under way does not remove it, and a WAIT behind it covers this very write.
-- The second key, if it is given, is written: Redis tells all processes that follow it.
-- KEYS     1 claimcheck:{pNN}:due   2 claimcheck:woken:{pNN}, if others shall take the member
-- ARGV     1 the member
-- Returns  1
local time = redis.call('TIME')
local score = time[1] * 1000000 + time[2]
local current = redis.call('ZSCORE', KEYS[1], ARGV[1])
if current then score = math.min(score, tonumber(current) - 1) end
redis.call('ZADD', KEYS[1], string.format('%.0f', score), ARGV[1])
if KEYS[2] then redis.call('SET', KEYS[2], string.format('%.0f', score)) end
return 1
