#!lua flags=allow-oom
-- walk: which process walks over all claims? One at a time, after a pause.
-- KEYS     1 claimcheck:meta
-- ARGV     1 the time that this process got last, while it walks; else ""   2 delay, us
--          3 longest, us: a stored time further away counts as due now, so that a start does not
--            wait for the pause, and a clock that was wrong stops nothing
-- Returns  when the next walk is due, in `delay`; "" = another process walks, or it is too early
if redis.call('EXISTS', KEYS[1]) == 0 then return '' end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local due = redis.call('HGET', KEYS[1], 'walk_us')
if due and due ~= ARGV[1] and tonumber(due) > now and tonumber(due) <= now + ARGV[3] then
  return ''
end
local next_due = string.format('%.0f', now + ARGV[2])
redis.call('HSET', KEYS[1], 'walk_us', next_due)
return next_due
