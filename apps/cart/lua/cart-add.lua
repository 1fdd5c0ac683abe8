-- Adds a quantity of a SKU: a new line, or more of the line that is there.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability, KEYS[4] idempotency key of the request
--         (read only when ARGV[7] is given), KEYS[5] customers' carts by last change
--         ARGV[1] sku, [2] quantity, [3] ttl of the cart in seconds, [4] most lines, [5] most pieces of a line,
--         [6] expected version or '', [7] fingerprint of the request or '', [8] ttl of the idempotency key in seconds,
--         [9] customer's id or ''
-- Output: snapshot with status 'ok' | 'unknown-sku' | 'stale' | 'currency' | 'too-many-lines' | 'too-many-pieces' |
--         'key-reused'; nothing is changed unless it is 'ok'
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local cart, sku, fingerprint = KEYS[1], ARGV[1], ARGV[7]

if fingerprint ~= '' then
  local seen = redis.call('GET', KEYS[4])
  if seen then return snapshot(seen == fingerprint and 'ok' or 'key-reused') end
end

if isStale(cart, ARGV[6]) then return snapshot('stale') end

local text = redis.call('HGET', KEYS[2], sku)
local entry = text and cjson.decode(text)
if not entry or not entry.active then return snapshot('unknown-sku') end

local currency = redis.call('HGET', cart, 'cur')
if currency and currency ~= entry.price.currency then return snapshot('currency') end

local line = readLine(cart, sku)
if not line then
  if countLines(cart) >= tonumber(ARGV[4]) then return snapshot('too-many-lines') end
  line = { quantity = 0, order = string.format('%d', versionOf(cart) + 1) }
end
line.quantity = line.quantity + tonumber(ARGV[2])
if line.quantity > tonumber(ARGV[5]) then return snapshot('too-many-pieces') end
line.amount = string.format('%.0f', entry.price.amount)
line.currency = entry.price.currency

writeLine(cart, sku, line)
redis.call('HSET', cart, 'cur', line.currency)
commit(cart, ARGV[3], KEYS[5], ARGV[9])
if fingerprint ~= '' then redis.call('SET', KEYS[4], fingerprint, 'EX', ARGV[8]) end
return snapshot('ok')
