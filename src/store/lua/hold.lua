#!lua flags=allow-oom
-- hold: lists an order among those that wait for a person. Whoever is there keeps his score; one
-- that was held anew gets a later one, so that an `unhold` that was decided before leaves it alone.
-- KEYS     1 claimcheck:{pNN}:held
-- ARGV     1 the session id   2 now, us   3 "1" = held anew, "0" = it may be listed already
-- Returns  1
local score = tonumber(ARGV[2])
local current = redis.call('ZSCORE', KEYS[1], ARGV[1])
if current and ARGV[3] == '0' then return 1 end
if current then score = math.max(score, tonumber(current) + 1) end
redis.call('ZADD', KEYS[1], string.format('%.0f', score), ARGV[1])
return 1
