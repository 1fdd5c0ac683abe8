-- Puts a SKU on a customer's wish list at its price of now; wishing for it again changes nothing.
-- Input:  KEYS[1] the customer's wishes (sku -> "amount|currency|second"), KEYS[2] price book,
--         KEYS[3] who wishes for the SKU (customer's id by the price of their wish)
--         ARGV[1] customer's id, [2] sku, [3] most wishes
-- Output: 'ok' | 'unknown-sku' | 'too-many'

local userId, sku = ARGV[1], ARGV[2]
if redis.call('HEXISTS', KEYS[1], sku) == 1 then return 'ok' end
local text = redis.call('HGET', KEYS[2], sku)
local entry = text and cjson.decode(text)
if not entry or not entry.active then return 'unknown-sku' end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 'too-many' end

local amount = string.format('%.0f', entry.price.amount)
redis.call('HSET', KEYS[1], sku, amount .. '|' .. entry.price.currency .. '|' .. redis.call('TIME')[1])
redis.call('ZADD', KEYS[3], amount, userId)
return 'ok'
