-- Takes a SKU off a customer's wish list.
-- Input:  KEYS[1] the customer's wishes, KEYS[2] who wishes for the SKU; ARGV[1] customer's id, [2] sku
-- Output: 1 when it was on the list, else 0

redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[2])
