-- wrk: requests of a thousand clients by turns, as nginx tells of them.
local requests, next = {}, 0

init = function()
  for n = 1, 1000 do
    requests[n] = wrk.format(nil, nil, { ["X-Real-IP"] = "10.0." .. math.floor(n / 250) .. "." .. n % 250 })
  end
end

request = function()
  next = next % 1000 + 1
  return requests[next]
end
