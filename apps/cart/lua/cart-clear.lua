-- Removes every line, coupon and shipping method; the version goes on, so that an old If-Match stays stale.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability,
--         KEYS[4] customers' carts by last change
--         ARGV[1] ttl of the cart in seconds, [2] expected version or '', [3] customer's id or ''
-- Output: snapshot with status 'ok' | 'stale'
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local cart = KEYS[1]
if isStale(cart, ARGV[2]) then return snapshot('stale') end
local lines = linesOf(cart)
if redis.call('HDEL', cart, 'cp', 'sm') == 0 and #lines == 0 then return snapshot('ok') end
for _, sku in ipairs(lines) do redis.call('HDEL', cart, fieldOf(sku)) end
commit(cart, ARGV[1], KEYS[4], ARGV[3])
return snapshot('ok')
