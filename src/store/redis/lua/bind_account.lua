#!lua flags=allow-oom
-- bind_account: this Redis belongs to one account of Stripe, the first that used it.
-- KEYS     1 claimcheck:meta
-- ARGV     1 account
-- Returns  the account that it belongs to; nil = it has no description, and belongs to nobody
if redis.call('EXISTS', KEYS[1]) == 0 then return nil end
redis.call('HSETNX', KEYS[1], 'account', ARGV[1])
return redis.call('HGET', KEYS[1], 'account')
