#!lua
-- gate: may this client open one more checkout? Each of its two buckets is kept as the moment at
-- which it is full again. While the checkout is paused nothing is taken.
-- KEYS     1 claimcheck:{checkout}:pause   2 claimcheck:{checkout}:client:<client>
-- ARGV     1 cost of the checkout, us   2 its burst, us   3 cost of its bytes, us
--          4 their burst, us
-- Returns  the wait, us (0 = taken); then of a pause since_us, until_us ("0" = none), by
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local pause = redis.call('HMGET', KEYS[1], 'since_us', 'until_us', 'by')
if pause[1] then return {0, pause[1], pause[2] or '0', pause[3] or ''} end

local book = redis.call('HMGET', KEYS[2], 'checkouts_us', 'bytes_us')
-- What is left of the bucket's burst. A moment beyond it means that the clock was put back.
local function used(full, burst)
  local left = (tonumber(full) or 0) - now
  if left < 0 or left > burst then return 0 end
  return left
end
local taken, wait = {}, 0
for i = 1, 2 do
  local burst = tonumber(ARGV[2 * i])
  -- Nobody has more than a full bucket, so a larger cost passes when it is full.
  local cost = math.min(tonumber(ARGV[2 * i - 1]), burst)
  local after = used(book[i], burst) + cost
  wait = math.max(wait, after - burst)
  taken[i] = after
end
if wait > 0 then return {wait} end
redis.call('HSET', KEYS[2], 'checkouts_us', string.format('%.0f', now + taken[1]),
  'bytes_us', string.format('%.0f', now + taken[2]))
redis.call('PEXPIRE', KEYS[2], math.ceil(math.max(taken[1], taken[2]) / 1000) + 1)
return {0}
