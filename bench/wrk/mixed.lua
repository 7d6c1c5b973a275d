-- What others do during a burst: nine reads of a link, one create.
dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local head = '{"account_number":"' .. os.getenv("BENCH_ACCOUNT") .. '","contact":{"name":"Gaurav Kumar",' ..
  '"contact":"9000090000"},"amount":1000,"currency":"INR","purpose":"refund","description":"Refund","send_sms":false}'
local read, create, count

init = function()
  read = wrk.format("GET", read_lines(os.getenv("BENCH_PATHS"))[1], with_headers())
  create = wrk.format("POST", "/v1/payout-links", with_headers({["Content-Type"] = "application/json"}), head)
  count = 0
end

request = function()
  count = count + 1
  return count % 10 == 0 and create or read
end
