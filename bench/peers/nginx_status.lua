-- The status route on nginx with Lua: one GET on a kept connection, decoded and encoded with cjson.
-- REDIS_PORT comes from the configuration.
local cjson = require "cjson"

local key = "session:" .. string.sub(ngx.var.uri, #"/api/webhook-status/" + 1)
local socket = ngx.socket.tcp()
socket:settimeout(2000)
if not socket:connect("127.0.0.1", REDIS_PORT) then return ngx.exit(503) end
socket:send({"*2\r\n$3\r\nGET\r\n$", #key, "\r\n", key, "\r\n"})
local head = socket:receive()
local length = head and tonumber(string.match(head, "^%$(-?%d+)$"))
if not length then return ngx.exit(503) end
local value
if length >= 0 then
  value = socket:receive(length)
  socket:receive(2)
end
socket:setkeepalive(60000, 128)

local answer
if value then
  local data = cjson.decode(value)
  answer = cjson.encode({
    status = data.status, fileId = data.fileId, error = data.error, toolSlug = data.toolSlug,
    toolTitle = data.toolTitle, prompt = data.prompt, timestamp = data.createdAt,
  })
else
  answer = '{"status":"error","message":"no such session"}'
  ngx.status = 404
end
ngx.header["Content-Type"] = "application/json"
ngx.header["Content-Length"] = #answer
ngx.print(answer)
