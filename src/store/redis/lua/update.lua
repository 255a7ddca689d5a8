#!lua
-- update: stores a session value if the stored one is the expected one.
-- KEYS     1 session:<id>
-- ARGV     1 "any" = whatever is there, "match" = compare
--          2 sha1 hex of the expected value, "" = expected to be absent
--          3 the new value   4 its life, ms
-- Returns  "done", "missing" or "changed"; only "done" has written
if ARGV[1] == 'match' then
  local stored = redis.call('GET', KEYS[1])
  local digest = stored and redis.sha1hex(stored) or ''
  if digest ~= ARGV[2] then return stored and 'changed' or 'missing' end
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 'done'
