-- Takes out of a cart what was bought, once per event; what was added meanwhile stays.
-- Input:  KEYS[1] cart, KEYS[2] inbox key of the event
--         ARGV[1] ttl of the inbox key in seconds, then pairs: sku, quantity bought
-- Output: 1 when this delivery was the first, 0 for a duplicate
--- @include "./cart-snapshot.lua"
--- @include "./cart-change.lua"

local cart = KEYS[1]
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[1]) then return 0 end

local changed = false
for i = 2, #ARGV, 2 do
  local line = readLine(cart, ARGV[i])
  if line then
    changed = true
    line.quantity = line.quantity - tonumber(ARGV[i + 1])
    if line.quantity > 0 then writeLine(cart, ARGV[i], line) else redis.call('HDEL', cart, fieldOf(ARGV[i])) end
  end
end
if changed then commit(cart) end
return 1
