-- For wrk: GET a session by chance, each as one of many clients, since servers may count how often
-- one of them asks. IDS is a file with one id a line; the arguments after -- are what stands before
-- and behind the id in the address, and a seed.
dofile(os.getenv("BENCH") .. "/result.lua")

local requests = {}
local clients = 20000

function init(arguments)
  local before, behind = arguments[1] or "/", arguments[2] or ""
  math.randomseed(tonumber(arguments[3] or "1"))
  local ids = {}
  for id in io.lines(os.getenv("IDS")) do
    ids[#ids + 1] = id
  end
  for client = 1, clients do
    local address = string.format("10.0.%d.%d", math.floor(client / 256), client % 256)
    requests[client] = wrk.format("GET", before .. ids[client % #ids + 1] .. behind,
      { ["X-Forwarded-For"] = address })
  end
end

function request()
  return requests[math.random(clients)]
end
