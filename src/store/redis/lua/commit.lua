#!lua
-- commit: advances an order. The version is the fence: unless the stored claim has the version
-- that the change was decided on, not a byte is written.
-- KEYS     1 session:<id>   2 claim:{session:<id>}   3 history:{session:<id>}
-- ARGV     1 the version that must be stored   2 life of claim and history, ms
--          3 number of history lines given   4 history lines kept; a tenth of them are the oldest
--          5 view: "none", "guard" (the session value must be the expected one),
--            "write" (replace it if it is; the claim is stored in any case),
--            "guarded_write" (it must be, and is replaced)
--          6 sha1 hex of the expected session value, "" = expected to be absent
--          7 the new session value   8 its life, ms
--          9.. the history lines, then the claim: field, value, field, value, .. without those
--          that are at their default
-- Returns  "done", "view_stale" (claim stored, view_dirty set) or "refused" (nothing written)
-- A commit without a guard runs as the same text with flags=allow-oom: past events must be
-- recorded, or orders never end. A guarded commit begins something new, which can wait for memory.
if redis.call('HGET', KEYS[2], 'version') ~= ARGV[1] then return 'refused' end
local expected = true
if ARGV[5] ~= 'none' then
  local stored = redis.call('GET', KEYS[1])
  expected = (stored and redis.sha1hex(stored) or '') == ARGV[6]
end
local guarded = ARGV[5] == 'guard' or ARGV[5] == 'guarded_write'
if guarded and not expected then return 'refused' end
redis.call('LLEN', KEYS[3]) -- a history that is no list fails here, before the first write

local lines = tonumber(ARGV[3])
redis.call('HSET', KEYS[2], unpack(ARGV, 9 + lines))
-- What came back to its default is removed. The fields of a newer release stay.
if redis.call('HLEN', KEYS[2]) > (#ARGV - 8 - lines) / 2 then
  local ours = {} -- the names of all that we write, a unit's without its number
  for _, name in ipairs(CLAIM_FIELDS) do ours[name] = true end
  for _, name in ipairs(UNIT_FIELDS) do ours['u.' .. name] = true end
  local given, gone = {}, {}
  for i = 9 + lines, #ARGV, 2 do given[ARGV[i]] = true end
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    local name = field:gsub('^u%d+%.', 'u.'):gsub('~%d+$', '')
    if ours[name] and not given[field] then gone[#gone + 1] = field end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[2], unpack(gone)) end
end
if not expected then redis.call('HSET', KEYS[2], 'view_dirty', '1') end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local writes = ARGV[5] == 'write' or ARGV[5] == 'guarded_write'
if writes and expected then redis.call('SET', KEYS[1], ARGV[7], 'PX', ARGV[8]) end
for line = 9, 8 + lines do
  if redis.call('RPUSH', KEYS[3], ARGV[line]) > tonumber(ARGV[4]) then
    redis.call('LSET', KEYS[3], math.floor(ARGV[4] / 10), '')
    redis.call('LREM', KEYS[3], 1, '')
  end
end
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return expected and 'done' or 'view_stale'
