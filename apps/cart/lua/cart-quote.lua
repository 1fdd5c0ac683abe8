-- Reads all that a quote needs at one moment.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability, KEYS[4] coupons (code -> JSON)
-- Output: {snapshot with status 'ok', JSON of the chosen coupon or ''}
--- @include "./cart-snapshot.lua"

local cart = snapshot('ok')
return { cart, cart[4] ~= '' and redis.call('HGET', KEYS[4], cart[4]) or '' }
