-- What every script needs: the credentials, and a result that a program can read.
local headers = {["Authorization"] = os.getenv("BENCH_AUTHORIZATION")}

function with_headers(more)
  for name, value in pairs(more or {}) do headers[name] = value end
  return headers
end

-- How long a connection waits before each request, so that not all that can be done is asked for.
local pause = tonumber(os.getenv("BENCH_PAUSE_MS") or "0")
if pause > 0 then
  function delay() return pause end
end

-- One line for each request: its path, and nothing else.
function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"per_second":%.1f,"requests":%d,"p50_us":%d,"p99_us":%d,"max_us":%d,"refused":%d,"broken":%d}\n',
    summary.requests / (summary.duration / 1e6), summary.requests, latency:percentile(50), latency:percentile(99),
    latency.max, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
