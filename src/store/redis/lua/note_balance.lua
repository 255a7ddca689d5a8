#!lua flags=allow-oom
-- note_balance: adds a reading of a generator's balance to those of the last day.
-- KEYS     1 claimcheck:{alerts}:balance:<generator>
-- ARGV     1 the reading, "<us> <left>"   2 how many are kept   3 life, ms
-- Returns  all readings that are kept, oldest first
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[2]), -1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('LRANGE', KEYS[1], 0, -1)
