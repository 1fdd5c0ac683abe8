-- Takes over a product's variants unless this or a newer version of the product is known already: events may come
-- twice and out of order.
-- Input:  KEYS[1] price book, KEYS[2] products (product id -> {"version", "skus"})
--         ARGV[1] product id, [2] version of the product, [3] JSON list of further SKUs that are no longer sold,
--         then one JSON price-book entry per variant; a deleted product has none. Every known variant that is not named
--         any more becomes inactive: carts that hold it still show it.
-- Output: 1 when applied, 0 when older than what is known

local book, products, product, version = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])

local text = redis.call('HGET', products, product)
local known = text and cjson.decode(text) or { version = -1, skus = {} }
if version <= known.version then return 0 end

local skus, isNamed = {}, {}
for i = 4, #ARGV do
  local json = ARGV[i]
  local entry = cjson.decode(json)
  local before = redis.call('HGET', book, entry.sku)
  local old = before and cjson.decode(before)
  -- A price change that came ahead of its product's update keeps its price.
  if old and old.priceVersion and old.priceVersion > version then
    entry.price, entry.priceVersion = old.price, old.priceVersion
    json = cjson.encode(entry)
  end
  redis.call('HSET', book, entry.sku, json)
  skus[#skus + 1] = entry.sku
  isNamed[entry.sku] = true
end

local gone = known.skus
for _, sku in ipairs(cjson.decode(ARGV[3])) do gone[#gone + 1] = sku end
for _, sku in ipairs(gone) do
  if not isNamed[sku] then
    isNamed[sku] = true
    local before = redis.call('HGET', book, sku)
    if before then
      local entry = cjson.decode(before)
      entry.active, entry.version = false, version
      redis.call('HSET', book, sku, cjson.encode(entry))
    end
    -- Kept, so that a later deletion or return of the variant finds it.
    skus[#skus + 1] = sku
  end
end

local list = #skus > 0 and cjson.encode(skus) or '[]'
redis.call('HSET', products, product, string.format('{"version":%d,"skus":%s}', version, list))
return 1
