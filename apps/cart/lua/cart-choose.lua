-- Sets or takes back what a shopper chooses for the whole cart: a coupon or a shipping method.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability,
--         KEYS[4] customers' carts by last change
--         ARGV[1] 'cp' (coupon) | 'sm' (shipping method), [2] what is chosen, '' = none, [3] ttl of the cart in seconds,
--         [4] expected version or '', [5] customer's id or ''
-- Output: snapshot with status 'ok' | 'stale'
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local cart, choice, chosen = KEYS[1], ARGV[1], ARGV[2]
if isStale(cart, ARGV[4]) then return snapshot('stale') end
if (redis.call('HGET', cart, choice) or '') == chosen then return snapshot('ok') end
if chosen == '' then redis.call('HDEL', cart, choice) else redis.call('HSET', cart, choice, chosen) end
commit(cart, ARGV[3], KEYS[4], ARGV[5])
return snapshot('ok')
