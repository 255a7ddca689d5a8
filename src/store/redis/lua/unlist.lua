#!lua flags=allow-oom
-- unlist: takes an order off a list of those that wait for a person, unless it was listed anew.
-- KEYS     1 claimcheck:{pNN}:held, or :disputed
-- ARGV     1 the session id   2 the score that was read
-- Returns  1 = removed, 0 = its score is another one, or it is not listed
local current = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not current or tonumber(current) ~= tonumber(ARGV[2]) then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
