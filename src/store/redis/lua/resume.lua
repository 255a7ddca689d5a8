#!lua flags=allow-oom
-- resume: ends a pause of the checkout; the counting of declines begins anew.
-- KEYS     1 claimcheck:{checkout}:pause   2 claimcheck:{checkout}:declines
-- Returns  1 = there was a pause
redis.call('DEL', KEYS[2])
return redis.call('DEL', KEYS[1])
