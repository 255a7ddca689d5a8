#!lua flags=allow-oom
-- pace: may a call be made now, or when? A lane that is in line gets its moment behind all earlier
-- ones. Another lane gets a call only while the reserve of the burst is unused.
-- KEYS     1 claimcheck:{pace}:<limit>
-- ARGV     1 lane   2 interval between two calls, us   3 burst, us   4 reserve of it, us
--          5 share: us since its last call after which the lane is in line; 0 = it always is
--          6 longest wait in line, us   7 the furthest moment that any script sets, us from now
-- Returns  1 = the call may be made after the wait, 0 = ask again after it; the wait, us
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst, share = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
local far = tonumber(ARGV[7])
local book = redis.call('HMGET', KEYS[1], 'next_us', 'slow_until_us', 'last_us:' .. ARGV[1])
local next, slow, last = tonumber(book[1]), tonumber(book[2]), tonumber(book[3])
if slow and slow > now and slow - now <= far then interval = interval * 2 end
-- A time further away than any script sets means, here and below: the clock was put back.
if not next or next < now or next - now > far then next = now end
local used = next - now
local left = 0
if last and share > 0 then left = last + share - now end

local wait = 0
if left <= 0 or left > share then
  wait = math.max(used - burst, 0)
  if wait > tonumber(ARGV[6]) then return {0, wait} end
else
  local over = used - (burst - ARGV[4])
  if over > 0 then return {0, math.min(over, left)} end
end
redis.call('HSET', KEYS[1], 'next_us', string.format('%.0f', next + interval),
  'last_us:' .. ARGV[1], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(far / 1000))
return {1, wait}
