#!lua flags=no-writes
-- rights: what the Redis user that asks is not granted, of what claimcheck needs. It reads no key.
-- Returns  the missing rules in the notation of Redis' ACL: "+zadd", "~session:*"
local commands = {
  'get', 'set', 'getrange', 'del', 'exists',
  'expire', 'pexpire', 'pexpireat', 'pexpiretime', 'persist',
  'hget', 'hmget', 'hgetall', 'hkeys', 'hlen', 'hset', 'hsetnx', 'hincrby', 'hdel',
  'llen', 'lrange', 'lset', 'lrem', 'ltrim', 'rpush',
  'zadd', 'zincrby', 'zscore', 'zrank', 'zcard', 'zcount', 'zlexcount', 'zrange', 'zrangebylex',
  'zrangebyscore', 'zrem', 'zremrangebyrank', 'zremrangebyscore',
}
local without_key = { 'ping', 'time', 'scan', 'multi', 'exec', 'evalsha', 'wait', 'waitaof' }
local keys = { -- an example by pattern
  { '~session:*', 'session:a' },
  { '~claim:{session:*}', 'claim:{session:a}' },
  { '~history:{session:*}', 'history:{session:a}' },
  { '~opened:{session:*}', 'opened:{session:a}' },
  { '~claimcheck:*', 'claimcheck:a' },
}

local missing = {}
local function granted_on_some_key(name)
  for _, key in ipairs(keys) do
    if redis.acl_check_cmd(name, key[2]) then return true end
  end
  return false
end
for _, name in ipairs(commands) do
  if not granted_on_some_key(name) then missing[#missing + 1] = '+' .. name end
end
for _, name in ipairs(without_key) do
  -- A command that this Redis does not have, such as WAITAOF before 7.2, is an error here.
  local known, granted = pcall(redis.acl_check_cmd, name, '0', '0', '0')
  if known and not granted then missing[#missing + 1] = '+' .. name end
end
-- A command that reads and writes, so that a pattern for one of both is not enough.
if granted_on_some_key('hincrby') then
  for _, key in ipairs(keys) do
    if not redis.acl_check_cmd('hincrby', key[2]) then missing[#missing + 1] = key[1] end
  end
end
return missing
