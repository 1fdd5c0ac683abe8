-- Sets the quantity of a line; 0 removes it.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability,
--         KEYS[4] customers' carts by last change
--         ARGV[1] sku, [2] quantity, [3] ttl of the cart in seconds, [4] expected version or '', [5] customer's id or ''
-- Output: snapshot with status 'ok' | 'no-line' | 'stale'; nothing is changed unless it is 'ok'
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local cart, sku, quantity = KEYS[1], ARGV[1], tonumber(ARGV[2])
if isStale(cart, ARGV[4]) then return snapshot('stale') end
local line = readLine(cart, sku)
if not line then return snapshot('no-line') end

if quantity == 0 then
  redis.call('HDEL', cart, fieldOf(sku))
else
  line.quantity = quantity
  writeLine(cart, sku, line)
end
commit(cart, ARGV[3], KEYS[4], ARGV[5])
return snapshot('ok')
