#!lua flags=allow-oom
-- settle_message: records an attempt to send a message, and what follows from it.
-- KEYS     1 claimcheck:{pNN}:outbox:<channel>   2 claimcheck:{pNN}:message:<channel>:<id>
--          3 claimcheck:{pNN}:dead
-- ARGV     1 the id   2 the score that taking it wrote   3 its name among the dead: <channel>:<id>
--          4 "done", "dead" or "waiting"   5 the answer's status   6 next attempt after so many us
--          7 life of the record from now on, ms   8 life of the dead, us   9 number of dead to keep
--          10 why the attempt failed
-- Returns  1 = recorded, 0 = the message had ended, or another dispatcher has it: then only
--            "done" is recorded
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return 0 end
if ARGV[4] ~= 'done' and tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1]) -- its record has expired
  return 0
end
redis.call('ZCARD', KEYS[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('HINCRBY', KEYS[2], 'attempts', 1)
redis.call('HSET', KEYS[2], 'state', ARGV[4], 'last_us', string.format('%.0f', now),
  'last_status', ARGV[5], 'last_why', ARGV[10])
redis.call('PEXPIRE', KEYS[2], ARGV[7])
if ARGV[4] == 'waiting' then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[6]), ARGV[1])
  return 1
end
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[4] == 'dead' then
  redis.call('ZADD', KEYS[3], string.format('%.0f', now), ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now - ARGV[8]))
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -ARGV[9] - 1)
end
return 1
