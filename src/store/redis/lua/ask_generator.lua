#!lua flags=allow-oom
-- ask_generator: may this unit be submitted now? While the breaker is open, one unit at a time may,
-- as a try. After an outage the waiting units may in the order of payment, at a growing rate. Where
-- the capacity is limited, a unit needs a place, and one place goes to the tools in turn.
-- KEYS     1 claimcheck:{generator:<name>}:breaker   2 claimcheck:{generator:<name>}:waiting
--          3 ..:places   4 ..:line   5 ..:asking   6 ..:turns   7 ..:flow
-- ARGV     1 whose: <session id>/<unit>   2 paid, us   3 1 = submit on a yes, 0 = a question
--          4 trial, us   5 longest pause, us   6 growth, us   7 end of growth, us
--          8 gap between two waiting units, us   9 longest such wait, us
--          10 jobs at once, 0 = any number   11 between two submits, us, 0 = no limit
--          12 member of the line   13 its tool   14 life of a place, us   15 wait of the first in
--          the line, us   16 of each one behind it, us more   17 longest such wait, us
--          18 grace before a late one counts as gone, us   19 turns to wake at most
-- Returns  how long to wait, us (0 = go); 1 = call generator_answered after the answer;
--          of a wait: how long the generator has taken no orders, us; 1 = others are first;
--          members of the line whose turn it is
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local goes = ARGV[3] == '1'
local unit, member, tool = ARGV[1], ARGV[12], ARGV[13]
local concurrency, interval = tonumber(ARGV[10]), tonumber(ARGV[11])
local grace = tonumber(ARGV[18])
local function whole(number) return string.format('%.0f', number) end

-- The line of a tool is the members that begin with its name and a space.
local function of_tool(name) return '[' .. name .. ' ', '(' .. name .. '!' end

-- How many are submitted before this unit when the tools take turns, and what the turns are.
local function ahead_of_it()
  redis.call('ZADD', KEYS[6], 'NX', 0, tool)
  local turns = redis.call('ZRANGE', KEYS[6], 0, -1)
  local rank = redis.call('ZLEXCOUNT', KEYS[4], '[' .. tool .. ' ', '(' .. member)
  local ahead, own_turn = rank, false
  for _, other in ipairs(turns) do
    if other == tool then
      own_turn = true
    else
      local from, to = of_tool(other)
      local most = own_turn and rank or rank + 1
      ahead = ahead + math.min(redis.call('ZLEXCOUNT', KEYS[4], from, to), most)
    end
  end
  return ahead, turns
end

-- The next ones, without those that know it: they have not much time left to ask.
local function next_ones(turns, count)
  local found, rank, left = {}, 0, true
  while left and count > 0 do
    left = false
    for _, name in ipairs(turns) do
      local from, to = of_tool(name)
      local one = redis.call('ZRANGEBYLEX', KEYS[4], from, to, 'LIMIT', rank, 1)[1]
      if one and count > 0 then
        left, count = true, count - 1
        if tonumber(redis.call('ZSCORE', KEYS[5], one) or 0) > now + grace then
          redis.call('ZADD', KEYS[5], whole(now + grace), one)
          found[#found + 1] = one
        end
      end
    end
    rank = rank + 1
  end
  return found
end

local function grant()
  local flow = redis.call('HMGET', KEYS[7], 'granted_us', 'busy')
  if flow[2] == '1' and now >= tonumber(flow[1]) then
    redis.call('HINCRBY', KEYS[7], 'gaps_us', whole(now - flow[1]))
    if redis.call('HINCRBY', KEYS[7], 'grants', 1) >= 64 then
      local sum = redis.call('HGET', KEYS[7], 'gaps_us')
      redis.call('HSET', KEYS[7], 'gaps_us', whole(math.floor(sum / 2)), 'grants', 32)
    end
  end
  redis.call('ZADD', KEYS[3], whole(now + ARGV[14]), unit)
  redis.call('ZREM', KEYS[4], member)
  redis.call('ZREM', KEYS[5], member)
  redis.call('ZADD', KEYS[6], whole(now), tool)
  local full = interval > 0 or redis.call('ZCARD', KEYS[3]) >= concurrency
  local busy = full and redis.call('ZCARD', KEYS[4]) > 0
  redis.call('HSET', KEYS[7], 'granted_us', whole(now), 'busy', busy and 1 or 0,
    'next_us', whole(now + interval))
  for place = 3, 7 do redis.call('EXPIRE', KEYS[place], 3600) end
end

-- What the line says: how long to wait (0 = a place is free), and whom to wake.
local function wait_in_line()
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', whole(now))
  if redis.call('ZSCORE', KEYS[3], unit) then return 0, {} end
  local late = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', whole(now), 'LIMIT', 0, 100)
  for _, gone in ipairs(late) do
    redis.call('ZREM', KEYS[4], gone)
    redis.call('ZREM', KEYS[5], gone)
  end
  -- After a time without a line the next gap says nothing of how fast a line moves.
  if redis.call('ZCARD', KEYS[4]) == 0 then redis.call('HSET', KEYS[7], 'busy', 0) end
  redis.call('ZADD', KEYS[4], 0, member)
  local ahead, turns = ahead_of_it()
  local wait, wake = 0, {}
  local free = concurrency - redis.call('ZCARD', KEYS[3])
  if concurrency > 0 and ahead >= free then
    wait = math.min(ARGV[15] + ahead * ARGV[16], tonumber(ARGV[17]))
    wake = next_ones(turns, math.min(free, tonumber(ARGV[19])))
  end
  if interval > 0 then
    local next_submit = tonumber(redis.call('HGET', KEYS[7], 'next_us') or 0)
    -- Further away than any grant sets it: the clock was put back.
    next_submit = math.min(next_submit, now + interval)
    if now < next_submit + ahead * interval then
      wait = math.max(wait, math.min(next_submit + ahead * interval - now, tonumber(ARGV[17])))
    end
  end
  redis.call('ZADD', KEYS[5], whole(now + wait + grace), member)
  for place = 3, 7 do redis.call('EXPIRE', KEYS[place], 3600) end
  return wait, wake
end

local limited = concurrency > 0 or interval > 0
local breaker = redis.call('HMGET', KEYS[1], 'since_us', 'probe_us', 'closed_us', 'sent', 'misses')
local open, closed = breaker[1], tonumber(breaker[3])
local report = breaker[5] and 1 or 0
local growing = false
if open or closed then redis.call('ZADD', KEYS[2], 'NX', ARGV[2], unit) end
if open then
  report = 1
  local left = tonumber(breaker[2]) - now
  -- A time further away than any script sets: the clock was put back.
  if left > 0 and left <= tonumber(ARGV[5]) then
    local crowd = math.min(redis.call('ZCARD', KEYS[2]) * ARGV[8], tonumber(ARGV[9]))
    return {math.max(left, crowd), 0, math.max(now - open, 0), 0, {}}
  end
elseif closed then
  local elapsed = now - closed
  if elapsed < 0 or elapsed > tonumber(ARGV[7]) then
    redis.call('DEL', KEYS[1], KEYS[2])
    report = 0
  else
    growing = true
    local place = redis.call('ZRANK', KEYS[2], unit) + tonumber(breaker[4])
    if place >= math.floor(2 ^ (elapsed / ARGV[6])) then
      local turn = ARGV[6] * math.log(place + 1) / math.log(2)
      return {math.max(math.ceil(turn - elapsed), 100000), 0, 0, 0, {}}
    end
  end
end

if limited then
  local wait, wake = wait_in_line()
  if wait > 0 then
    local away = open and math.max(now - open, 0) or 0
    return {math.max(math.ceil(wait), 100000), 0, away, open and 0 or 1, wake}
  end
end
if not goes then return {0, report, 0, 0, {}} end
if limited and not redis.call('ZSCORE', KEYS[3], unit) then grant() end
if open then
  redis.call('HSET', KEYS[1], 'probe_us', whole(now + ARGV[4]), 'probing', 1)
elseif growing then
  redis.call('ZREM', KEYS[2], unit)
  redis.call('HINCRBY', KEYS[1], 'sent', 1)
end
return {0, report, 0, 0, {}}
