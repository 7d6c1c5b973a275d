-- Cancels the links whose ids are in BENCH_IDS, each once; asks for the first one's state when there are no more.
dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local ids, at = {}, 0

init = function() ids = read_lines(os.getenv("BENCH_IDS")) end

request = function()
  at = at + 1
  if at > #ids then return wrk.format("GET", "/v1/payout-links/" .. ids[1], with_headers()) end
  return wrk.format("POST", "/v1/payout-links/" .. ids[at] .. "/cancel", with_headers())
end
