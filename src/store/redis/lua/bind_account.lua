#!lua flags=allow-oom
-- bind_account: binds this Redis to one Stripe account, the first that used it.
-- KEYS     1 claimcheck:meta
-- ARGV     1 account
-- Returns  the account that it belongs to; nil = it has no description yet
if redis.call('EXISTS', KEYS[1]) == 0 then return nil end
redis.call('HSETNX', KEYS[1], 'account', ARGV[1])
return redis.call('HGET', KEYS[1], 'account')
