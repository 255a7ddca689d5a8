#!lua flags=allow-oom
-- generator_refused: the generator did not take a submit, for reasons that are not the order's.
-- Opens the breaker, or delays the next try: of many refusals at once only that of the try counts.
-- KEYS     1 claimcheck:{generator:<name>}:breaker
-- ARGV     1 reason   2 pause that the generator asks for, us   3 1 = clear refusal, 0 = unclear
--          4 misses that open it   5 first pause, us   6 longest pause between tries, us
--          7 longest pause that may be asked for, us
-- Returns  how long no process tries, us; 1 = this call opened it
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local breaker = redis.call('HMGET', KEYS[1], 'since_us', 'pause_us', 'probing', 'probe_us')
local asked = math.min(tonumber(ARGV[2]), tonumber(ARGV[7]))
local pause = tonumber(ARGV[5])
if not breaker[1] then
  if ARGV[3] == '0' and redis.call('HINCRBY', KEYS[1], 'misses', 1) < tonumber(ARGV[4]) then
    redis.call('EXPIRE', KEYS[1], 3600)
    return {0, 0}
  end
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'since_us', string.format('%.0f', now))
elseif breaker[3] then
  pause = math.min(tonumber(breaker[2]) * 2, tonumber(ARGV[6]))
else
  return {math.max(tonumber(breaker[4]) - now, 0), 0}
end
local wait = math.max(asked, pause)
redis.call('HSET', KEYS[1], 'reason', ARGV[1], 'pause_us', string.format('%.0f', pause),
  'probe_us', string.format('%.0f', now + wait))
redis.call('HDEL', KEYS[1], 'probing')
return {wait, breaker[1] and 0 or 1}
