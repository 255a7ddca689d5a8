#!lua flags=allow-oom
-- decline: counts a declined card once, and pauses the checkout when there are many. An automatic
-- pause gets longer while there are still that many; a person's pause is left as it is.
-- KEYS     1 claimcheck:{checkout}:declines   2 claimcheck:{checkout}:pause
-- ARGV     1 id of the event   2 when it happened, us   3 window, us   4 declines that pause
--          5 quiet time after which the pause ends, us   6 declines that are kept at most
-- Returns  the declines in the window; 1 = this one began a pause
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window, most, quiet = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local happened = math.min(tonumber(ARGV[2]), now)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local fresh = 0
if happened > now - window then
  fresh = redis.call('ZADD', KEYS[1], 'NX', string.format('%.0f', happened), ARGV[1])
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[6])
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
end
local count = redis.call('ZCARD', KEYS[1])
local pause = redis.call('HMGET', KEYS[2], 'since_us', 'until_us')
local by_hand = pause[1] and not pause[2]
if fresh == 0 or by_hand or count < most then return {count, 0} end
redis.call('HSET', KEYS[2], 'since_us', pause[1] or string.format('%.0f', now),
  'until_us', string.format('%.0f', now + quiet))
redis.call('PEXPIRE', KEYS[2], math.ceil(quiet / 1000))
return {count, pause[1] and 0 or 1}
