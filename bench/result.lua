-- What a run of wrk tells: requests, microseconds, errors, and the time of an answer, median and 99
-- of 100, in microseconds.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %.0f %.0f\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
