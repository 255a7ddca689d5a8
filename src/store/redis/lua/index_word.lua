#!lua
-- index_word: adds an order to those that a search word leads to, and keeps the newest.
-- KEYS     1 claimcheck:find:<hash>
-- ARGV     1 the session id without its cs_   2 when it was created, us   3 orders kept   4 life, s
-- Returns  1
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[3] - 1)
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
