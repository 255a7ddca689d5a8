#!lua flags=allow-oom
-- write_alert: stores the next version of an alert's record, if nobody else has.
-- KEYS     1 claimcheck:{alerts}:records
-- ARGV     1 the field of the version   2 the version it was decided on; 0 = there is none
--          3... fields and values
-- Returns  1 = written, 0 = another version is stored
if (redis.call('HGET', KEYS[1], ARGV[1]) or '0') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
return 1
