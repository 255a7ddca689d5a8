#!lua flags=allow-oom
-- enlist: puts an order on a list of those that wait for a person. A listed order keeps its score.
-- With "anew" it gets a later one, so that an `unlist` that was decided before does not remove it.
-- KEYS     1 claimcheck:{pNN}:held, or :disputed
-- ARGV     1 the session id   2 its score, us   3 "1" = anew, "0" = it may be listed already
-- Returns  1
local score = tonumber(ARGV[2])
local current = redis.call('ZSCORE', KEYS[1], ARGV[1])
if current and ARGV[3] == '0' then return 1 end
if current then score = math.max(score, tonumber(current) + 1) end
redis.call('ZADD', KEYS[1], string.format('%.0f', score), ARGV[1])
return 1
