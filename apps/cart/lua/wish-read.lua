-- Reads a customer's wishes with the price-book entries of their SKUs.
-- Input:  KEYS[1] the customer's wishes, KEYS[2] price book
-- Output: {sku, wish, entry or '', sku, wish, entry or '' ...}

local reply, skus = {}, {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do skus[#skus + 1] = fields[i] end
if #skus == 0 then return reply end
local entries = redis.call('HMGET', KEYS[2], unpack(skus))
for i = 1, #skus do
  reply[#reply + 1] = skus[i]
  reply[#reply + 1] = fields[2 * i]
  reply[#reply + 1] = entries[i] or ''
end
return reply
