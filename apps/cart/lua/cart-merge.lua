-- Moves the lines of a guest's cart into a customer's. What is moved leaves the guest's cart in the same step, so a
-- second run finds nothing to add twice; what does not fit (lines, pieces) stays in the guest's cart, so nothing is lost.
-- Input:  KEYS[1] customer's cart, KEYS[2] price book, KEYS[3] availability, KEYS[4] guest's cart, KEYS[5] outbox
--         stream (its name is also the channel that wakes the relay), KEYS[6] customers' carts by last change
--         ARGV[1] ttl of the customer's cart in seconds, [2] most lines, [3] most pieces of a line,
--         [4] expected version of the customer's cart or '', [5] event to announce if anything was moved; data.version is put in here,
--         [6] customer's id
-- Output: snapshot of the customer's cart with status 'ok' | 'partly' (something stayed behind) | 'stale' | 'currency';
--         nothing is changed at the last two
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local customer, guest = KEYS[1], KEYS[4]
local mostLines, mostPieces = tonumber(ARGV[2]), tonumber(ARGV[3])

local skus = linesOf(guest)
if #skus == 0 then return snapshot('ok') end
if isStale(customer, ARGV[4]) then return snapshot('stale') end

local guestCurrency = redis.call('HGET', guest, 'cur')
local currency = redis.call('HGET', customer, 'cur')
if currency and guestCurrency ~= currency then return snapshot('currency') end

local order = string.format('%d', versionOf(customer) + 1)
local count, moved, left = countLines(customer), 0, 0
for _, sku in ipairs(skus) do
  local offered = readLine(guest, sku)
  local line = readLine(customer, sku)
  local room = line and mostPieces - line.quantity or (count < mostLines and mostPieces or 0)
  local pieces = math.min(offered.quantity, math.max(room, 0))
  if pieces > 0 then
    if not line then
      line = { quantity = 0, order = order, amount = offered.amount, currency = offered.currency }
      count = count + 1
    end
    line.quantity = line.quantity + pieces
    writeLine(customer, sku, line)
    moved = moved + pieces
  end
  if pieces == offered.quantity then
    redis.call('HDEL', guest, fieldOf(sku))
  else
    offered.quantity = offered.quantity - pieces
    writeLine(guest, sku, offered)
    left = left + offered.quantity
  end
end

if moved > 0 then
  redis.call('HSET', customer, 'cur', guestCurrency)
  for _, choice in ipairs({ 'cp', 'sm' }) do
    local chosen = redis.call('HGET', guest, choice)
    if chosen then redis.call('HSETNX', customer, choice, chosen) end
  end
  commit(customer, ARGV[1], KEYS[6], ARGV[6])
  commit(guest)
  local event = cjson.decode(ARGV[5])
  event.data.version = tonumber(versionOf(customer))
  redis.call('XADD', KEYS[5], '*', 'event', cjson.encode(event))
  redis.call('PUBLISH', KEYS[5], '1')
end
return snapshot(left > 0 and 'partly' or 'ok')
