#!lua flags=allow-oom
-- delivered: counts a delivered video, for the share of the refund breaker. Keeps this hour and the
-- last one.
-- KEYS     1 claimcheck:{refunds}:delivered
-- Returns  the number in this hour
local hour = math.floor(redis.call('TIME')[1] / 3600)
for _, counted in ipairs(redis.call('HKEYS', KEYS[1])) do
  if tonumber(counted) < hour - 1 then redis.call('HDEL', KEYS[1], counted) end
end
return redis.call('HINCRBY', KEYS[1], string.format('%.0f', hour), 1)
