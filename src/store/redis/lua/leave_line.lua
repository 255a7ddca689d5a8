#!lua flags=allow-oom
-- leave_line: a unit leaves its place and the line. The free places go to the tools in turn.
-- KEYS     1 claimcheck:{generator:<name>}:places   2 ..:line   3 ..:asking   4 ..:turns
-- ARGV     1 <session id>/<unit>   2 member of the line   3 jobs at once, 0 = any number
--          4 grace before a late one counts as gone, us   5 turns to wake at most
-- Returns  members of the line whose turn it is, and that do not know it
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
local count = math.min(ARGV[3] - redis.call('ZCARD', KEYS[1]), tonumber(ARGV[5]))
local soon = now + ARGV[4]
local turns = redis.call('ZRANGE', KEYS[4], 0, -1)
local found, rank, left = {}, 0, true
while left and count > 0 do
  left = false
  for _, name in ipairs(turns) do
    local one = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. name .. ' ', '(' .. name .. '!',
      'LIMIT', rank, 1)[1]
    if one and count > 0 then
      left, count = true, count - 1
      if tonumber(redis.call('ZSCORE', KEYS[3], one) or 0) > soon then
        redis.call('ZADD', KEYS[3], string.format('%.0f', soon), one)
        found[#found + 1] = one
      end
    end
  end
  rank = rank + 1
end
return found
