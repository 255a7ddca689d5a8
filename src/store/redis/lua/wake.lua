#!lua flags=allow-oom
-- wake: makes a member due now. The score always becomes another one, also when the member is due
-- already: a `settle` under way then notices, and a following WAIT waits for this very write.
-- KEYS     1 claimcheck:{pNN}:due
-- ARGV     1 the member
-- Returns  1
local time = redis.call('TIME')
local score = time[1] * 1000000 + time[2]
local current = redis.call('ZSCORE', KEYS[1], ARGV[1])
if current then score = math.min(score, tonumber(current) - 1) end
redis.call('ZADD', KEYS[1], string.format('%.0f', score), ARGV[1])
return 1
