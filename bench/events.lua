-- For wrk: POST signed events at a steady rate. EVENTS is a file with one event a line: the
-- signature, a tab, the body. The arguments after -- are the path, and for how many milliseconds a
-- connection rests between two events, in the mean.
dofile(os.getenv("BENCH") .. "/result.lua")

local requests = {}
local sent = 0
local rest = 0

function init(arguments)
  rest = tonumber(arguments[2])
  for line in io.lines(os.getenv("EVENTS")) do
    local signature, body = line:match("^(.-)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", arguments[1],
      { ["Stripe-Signature"] = signature, ["Content-Type"] = "application/json" }, body)
  end
end

function delay()
  return math.random(0, 2 * rest)
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
