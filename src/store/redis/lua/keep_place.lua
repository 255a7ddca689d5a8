#!lua flags=allow-oom
-- keep_place: a unit that has a job, or may have one, keeps its place, or takes one that it lost.
-- KEYS     1 claimcheck:{generator:<name>}:places
-- ARGV     1 <session id>/<unit>   2 life of a place, us
-- Returns  1
local time = redis.call('TIME')
local lapses = time[1] * 1000000 + time[2] + ARGV[2]
redis.call('ZADD', KEYS[1], string.format('%.0f', lapses), ARGV[1])
redis.call('EXPIRE', KEYS[1], 3600)
return 1
