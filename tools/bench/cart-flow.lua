-- wrk's part of `npm run bench -- --only cart`: each connection is a shopper who puts something into a new cart, and
-- something more into a cart that has one thing, turn and turn about. Arguments: the SKUs.
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  skus, begun, at, flows, failure = args, {}, 0, 0, ''
end

function request()
  at = at % #skus + 1
  local headers = { ['Content-Type'] = 'application/json', ['X-Cart-Token'] = table.remove(begun) }
  return wrk.format('POST', '/api/cart/items', headers, '{"sku":"' .. skus[at] .. '","quantity":1}')
end

function response(status, _, body)
  if status ~= 201 then
    if failure == '' then failure = status .. ' ' .. body end
  elseif string.find(body, '"version":1,', 1, true) then
    begun[#begun + 1] = string.match(body, '"cartToken":"([^"]+)"')
  else
    flows = flows + 1
  end
end

function done(summary, latency)
  local failure, flows = '', 0
  for _, thread in ipairs(threads) do
    flows = flows + thread:get('flows')
    if failure == '' then failure = thread:get('failure') end
  end
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('\nFLOWS %d %d %.3f %.3f %d %s\n', flows, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000, lost, failure))
end
