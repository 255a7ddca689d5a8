#!lua flags=allow-oom
-- line_state: how many jobs a generator has of ours, how many units wait, and one unit's place.
-- KEYS     1 claimcheck:{generator:<name>}:places   2 ..:line   3 ..:turns   4 ..:flow
-- ARGV     1 member of the line, "" = none   2 its tool   3 between two submits, us, 0 = no limit
-- Returns  places that are taken; units in the line; the unit's place, 0 = none;
--          until its turn, us, -1 = not known
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local running = redis.call('ZCOUNT', KEYS[1], string.format('(%.0f', now), '+inf')
local waiting = redis.call('ZCARD', KEYS[2])
if ARGV[1] == '' or not redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  return {running, waiting, 0, -1}
end
local rank = redis.call('ZLEXCOUNT', KEYS[2], '[' .. ARGV[2] .. ' ', '(' .. ARGV[1])
local ahead, own_turn = rank, false
for _, other in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if other == ARGV[2] then
    own_turn = true
  else
    local most = own_turn and rank or rank + 1
    local there = redis.call('ZLEXCOUNT', KEYS[2], '[' .. other .. ' ', '(' .. other .. '!')
    ahead = ahead + math.min(there, most)
  end
end
local flow = redis.call('HMGET', KEYS[4], 'gaps_us', 'grants', 'granted_us')
local gap, passed = tonumber(ARGV[3]), 0
if flow[2] then gap = math.max(gap, flow[1] / flow[2]) end
if flow[3] then passed = math.min(math.max(now - flow[3], 0), gap) end
local about = gap > 0 and math.ceil((ahead + 1) * gap - passed) or -1
return {running, waiting, ahead + 1, about}
