-- Reads all that a quote needs at one moment.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability (sku -> {"version", "inStock"}), KEYS[4] coupons (code -> JSON)
-- Output: {snapshot with status 'ok', JSON of the chosen coupon or '', then for each line, in the order of the snapshot,
--         JSON of its availability or ''}
--- @include "./cart-snapshot.lua"

local cart = snapshot('ok')
local reply = { cart, cart[4] ~= '' and redis.call('HGET', KEYS[4], cart[4]) or '' }
local skus = {}
for i = 6, #cart, 3 do skus[#skus + 1] = cart[i] end
if #skus > 0 then
  local known = redis.call('HMGET', KEYS[3], unpack(skus))
  for i = 1, #skus do reply[#reply + 1] = known[i] or '' end
end
return reply
