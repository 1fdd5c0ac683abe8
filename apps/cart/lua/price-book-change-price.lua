-- Takes over one price unless this or a newer version is known.
-- Input:  KEYS[1] price book; ARGV[1] sku, [2] version of the product, [3] amount in minor units, [4] currency
-- Output: 1 when applied; 0 when older than what is known, or when the SKU is not known yet (its product's event, which
--         has the price too, is still to come)

local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local entry = cjson.decode(text)
local version = tonumber(ARGV[2])
if version <= math.max(entry.version, entry.priceVersion or 0) then return 0 end
entry.price = { amount = tonumber(ARGV[3]), currency = ARGV[4] }
entry.priceVersion = version
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(entry))
return 1
