-- Lives of recipients: opens the link, asks for a one-time password, reads it in the sandbox's inbox, proves it, gives an
-- account, and looks until it is paid. One connection to a thread, so that an answer belongs to the request before it.
-- BENCH_IDS has a line "id code" for each link; the n-th of them, from BENCH_FIRST, was made for phone 90nnnnnnnn.
dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local ffi = require("ffi")
ffi.cdef("struct bench_time { long s; long ns; }; int clock_gettime(int, struct bench_time *);")

local function now_us()
  local t = ffi.new("struct bench_time")
  ffi.C.clock_gettime(1, t)
  return tonumber(t.s) * 1e6 + tonumber(t.ns) / 1e3
end

local threads = {}
setup = function(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

local json = {["Content-Type"] = "application/json"}
local codes, at, step, code, token, otp, started = {}, 0, "open", nil, nil, nil, 0
times, failures = "", 0

init = function()
  local count, total, first = 0, tonumber(os.getenv("BENCH_THREADS")), tonumber(os.getenv("BENCH_FIRST"))
  for line in io.lines(os.getenv("BENCH_IDS")) do
    if count % total == number then codes[#codes + 1] = {line:match(" (%S+)$"), first + count} end
    count = count + 1
  end
end

local steps = {
  open = function()
    at = at + 1
    if at > #codes then return wrk.format("GET", "/health/live") end
    code, started = codes[at], now_us()
    return wrk.format("GET", "/i/" .. code[1])
  end,
  ask = function() return wrk.format("POST", "/api/v1/claims/" .. code[1] .. "/otp", json, '{"channel":"sms"}') end,
  look = function() return wrk.format("GET", string.format("/sandbox/messages?to=90%08d", code[2])) end,
  prove = function() return wrk.format("POST", "/api/v1/claims/" .. code[1] .. "/otp/verify", json, '{"otp":"' .. otp .. '"}') end,
  give = function()
    return wrk.format("POST", "/api/v1/claims/" .. code[1] .. "/submit",
      {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token},
      '{"method":"bank","name":"Gaurav Kumar","account_number":"51234567890","account_number_again":"51234567890",' ..
      '"ifsc":"HDFC0001234"}')
  end,
  wait = function() return wrk.format("GET", "/api/v1/claims/" .. code[1]) end,
}

request = function() return steps[step]() end

local function failed(status, body)
  failures = failures + 1
  if failures == 1 then io.stderr:write("claim: " .. step .. ": " .. status .. " " .. body:sub(1, 200) .. "\n") end
  step = "open"
end

response = function(status, headers, body)
  if at > #codes then return end
  if step == "open" and status == 200 then step = "ask"
  elseif step == "ask" and status == 202 then step = "look"
  elseif step == "look" and status == 200 then
    otp = body:match('"otp":"(%d+)"')
    if otp then step = "prove" end
  elseif step == "prove" and status == 200 then
    token = body:match('"claim_token":"([^"]+)"')
    step = "give"
  elseif step == "give" and status == 202 then step = "wait"
  elseif step == "wait" and status == 200 then
    if body:find('"state":"paid"', 1, true) then
      times = times .. string.format("%d ", now_us() - started)
      step = "open"
    end
  else failed(status, body) end
end

done = function(summary)
  local all, lost = {}, 0
  for _, thread in ipairs(threads) do
    for time in thread:get("times"):gmatch("%d+") do all[#all + 1] = tonumber(time) end
    lost = lost + thread:get("failures")
  end
  table.sort(all)
  local function percentile(share) return all[math.max(1, math.ceil(#all * share))] or 0 end
  io.write(string.format('RESULT {"per_second":%.1f,"requests":%d,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}\n',
    #all / (summary.duration / 1e6), #all, percentile(0.5), percentile(0.99), lost, summary.errors.timeout))
end
