#!lua flags=allow-oom
-- allow_refund: the refund breaker. Too many refunds, too large a sum or too large a share within
-- an hour or a day opens it. Then no new refund is allowed until a person releases it. A refund
-- that was allowed once stays allowed.
-- KEYS     1 claimcheck:{refunds}:allowed   2 claimcheck:{refunds}:breaker
--          3 claimcheck:{refunds}:delivered
-- ARGV     1 whose: <session id>/<unit>   2 amount, minor units   3 currency
--          4 refunds an hour   5 refunds a day   6 amount an hour, minor units per currency
--          7 share of all outcomes in an hour, percent   8 refunds an hour below which no share
-- Returns  "" = allowed, else why not
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local hour, day = 3600 * 1000000, 86400 * 1000000
local member = ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3]
if redis.call('ZSCORE', KEYS[1], member) then return '' end
local breaker = redis.call('HMGET', KEYS[2], 'reason', 'released_us')
if breaker[1] then return breaker[1] end

local released = tonumber(breaker[2] or '0')
local since = math.max(now - hour, released)
local in_hour = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', since), '+inf')
local in_day = redis.call('ZCOUNT', KEYS[1],
  string.format('(%.0f', math.max(now - day, released)), '+inf')
local amount = tonumber(ARGV[2])
for _, allowed in ipairs(in_hour) do
  local minor, currency = string.match(allowed, ' (%d+) (%S+)$')
  if currency == ARGV[3] then amount = amount + tonumber(minor) end
end
local delivered = 0
local this_hour = math.floor(time[1] / 3600)
for _, counted in ipairs(redis.call('HMGET', KEYS[3], string.format('%.0f', this_hour),
  string.format('%.0f', this_hour - 1))) do
  if counted then delivered = delivered + tonumber(counted) end
end
local refunds = #in_hour + 1
local share = refunds * 100 / (refunds + delivered)

local reason
if refunds > tonumber(ARGV[4]) then
  reason = 'more than ' .. ARGV[4] .. ' refunds in an hour'
elseif in_day + 1 > tonumber(ARGV[5]) then
  reason = 'more than ' .. ARGV[5] .. ' refunds in a day'
elseif amount > tonumber(ARGV[6]) then
  reason = 'more than ' .. ARGV[6] .. ' ' .. ARGV[3] .. ' (minor units) refunded in an hour'
elseif refunds >= tonumber(ARGV[8]) and share > tonumber(ARGV[7]) then
  reason = 'more than ' .. ARGV[7] .. '% of the videos of an hour refunded'
end
if reason then
  redis.call('HSET', KEYS[2], 'reason', reason, 'opened_us', string.format('%.0f', now))
  return reason
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), member)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - 90 * day))
return ''
