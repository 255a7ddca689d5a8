#!lua flags=allow-oom
-- ask_generator: may this unit be submitted now? While the breaker is open, one unit at a time may,
-- as a try. After an outage the waiting units may in the order of payment, at a growing rate.
-- KEYS     1 claimcheck:{generator:<name>}:breaker   2 claimcheck:{generator:<name>}:waiting
-- ARGV     1 whose: <session id>/<unit>   2 paid, us   3 1 = submit on a yes, 0 = a question
--          4 trial, us   5 longest pause, us   6 growth, us   7 end of growth, us
--          8 gap between two waiting units, us   9 longest such wait, us
-- Returns  how long to wait, us (0 = go); 1 = call generator_answered after the answer;
--          of a wait: how long the generator has taken no orders, us
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local goes = ARGV[3] == '1'
local breaker = redis.call('HMGET', KEYS[1], 'since_us', 'probe_us', 'closed_us', 'sent', 'misses')
local open, closed = breaker[1], tonumber(breaker[3])
if not open and not closed then return {0, breaker[5] and 1 or 0, 0} end

redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1])
if open then
  local left = tonumber(breaker[2]) - now
  -- A time further away than any script sets: the clock was put back.
  if left > 0 and left <= tonumber(ARGV[5]) then
    local crowd = math.min(redis.call('ZCARD', KEYS[2]) * ARGV[8], tonumber(ARGV[9]))
    return {math.max(left, crowd), 0, math.max(now - open, 0)}
  end
  if goes then
    redis.call('HSET', KEYS[1], 'probe_us', string.format('%.0f', now + ARGV[4]), 'probing', 1)
  end
  return {0, 1, 0}
end

local elapsed = now - closed
if elapsed < 0 or elapsed > tonumber(ARGV[7]) then
  redis.call('DEL', KEYS[1], KEYS[2])
  return {0, 0, 0}
end
local place = redis.call('ZRANK', KEYS[2], ARGV[1]) + tonumber(breaker[4])
if place < math.floor(2 ^ (elapsed / ARGV[6])) then
  if goes then
    redis.call('ZREM', KEYS[2], ARGV[1])
    redis.call('HINCRBY', KEYS[1], 'sent', 1)
  end
  return {0, breaker[5] and 1 or 0, 0}
end
local turn = ARGV[6] * math.log(place + 1) / math.log(2)
return {math.max(math.ceil(turn - elapsed), 100000), 0, 0}
