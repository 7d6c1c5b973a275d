-- Creates links, each with a reference of its own.
dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local head = '{"account_number":"' .. os.getenv("BENCH_ACCOUNT") .. '","contact":{"name":"Gaurav Kumar",' ..
  '"contact":"9000090000","email":"gaurav.kumar@example.com","type":"customer"},"amount":1000,"currency":"INR",' ..
  '"purpose":"refund","description":"Refund","send_sms":false,"receipt":"' .. os.getenv("BENCH_RUN") .. '-'
local headers, count = with_headers({["Content-Type"] = "application/json"}), 0

request = function()
  count = count + 1
  return wrk.format("POST", "/v1/payout-links", headers, head .. count .. '"}')
end
