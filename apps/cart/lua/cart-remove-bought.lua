-- Takes out of a cart what was bought, once per event; what was added meanwhile stays.
-- Input:  KEYS[1] cart, KEYS[2] inbox key of the event, KEYS[3] customers' carts by last change
--         ARGV[1] ttl of the inbox key in seconds, [2] customer's id or '', [3] coupon that was used up with it or '',
--         then pairs: sku, quantity bought
-- Output: 1 when this delivery was the first, 0 for a duplicate
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local cart = KEYS[1]
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[1]) then return 0 end

local changed = false
for i = 4, #ARGV, 2 do
  local line = readLine(cart, ARGV[i])
  if line then
    changed = true
    line.quantity = line.quantity - tonumber(ARGV[i + 1])
    if line.quantity > 0 then writeLine(cart, ARGV[i], line) else redis.call('HDEL', cart, fieldOf(ARGV[i])) end
  end
end
if ARGV[3] ~= '' and redis.call('HGET', cart, 'cp') == ARGV[3] then
  changed = true
  redis.call('HDEL', cart, 'cp')
end
if changed then commit(cart, nil, KEYS[3], ARGV[2]) end
return 1
