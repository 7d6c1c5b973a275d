-- GET of each of the paths in BENCH_PATHS, round and round.
dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local requests, at = {}, 0

init = function()
  for i, path in ipairs(read_lines(os.getenv("BENCH_PATHS"))) do requests[i] = wrk.format("GET", path, with_headers()) end
end

request = function()
  at = at % #requests + 1
  return requests[at]
end
