-- Announces to one customer that a wish has become cheaper, and lowers the wish to the new price in the same step: the
-- next event is due when it is cheaper still.
-- Input:  KEYS[1] the customer's wishes, KEYS[2] who wishes for the SKU, KEYS[3] outbox stream (also the channel that wakes the relay),
--         KEYS[4] price book
--         ARGV[1] customer's id, [2] sku, [3] amount of the wish that was seen, [4] new amount, [5] its currency, [6] event
-- Output: 'told' | 'price-moved' (it is not the price of now, which has an announcement of its own) |
--         'wish-moved' (another one by now, or none) | 'other-currency'; nothing is changed unless it is 'told'

local price = redis.call('HGET', KEYS[4], ARGV[2])
local entry = price and cjson.decode(price)
if not entry or not entry.active or string.format('%.0f', entry.price.amount) ~= ARGV[4] or entry.price.currency ~= ARGV[5] then return 'price-moved' end
local text = redis.call('HGET', KEYS[1], ARGV[2])
local amount, currency, second = string.match(text or '', '^(%d+)|(%u+)|(%d+)$')
if amount ~= ARGV[3] then return 'wish-moved' end
if currency ~= ARGV[5] then return 'other-currency' end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4] .. '|' .. currency .. '|' .. second)
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('XADD', KEYS[3], '*', 'event', ARGV[6])
redis.call('PUBLISH', KEYS[3], '1')
return 'told'
