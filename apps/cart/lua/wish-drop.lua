-- Announces to one customer that a wish has become cheaper, and lowers the wish to the new price in the same step: the
-- next event is due when it is cheaper still.
-- Input:  KEYS[1] the customer's wishes, KEYS[2] who wishes for the SKU, KEYS[3] outbox stream (also the channel that wakes the relay)
--         ARGV[1] customer's id, [2] sku, [3] amount of the wish that was seen, [4] new amount, [5] currency of both, [6] event
-- Output: 1 when it was announced, 0 when the wish is another one by now or in another currency

local text = redis.call('HGET', KEYS[1], ARGV[2])
local amount, currency, second = string.match(text or '', '^(%d+)|(%u+)|(%d+)$')
if amount ~= ARGV[3] or currency ~= ARGV[5] then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4] .. '|' .. currency .. '|' .. second)
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('XADD', KEYS[3], '*', 'event', ARGV[6])
redis.call('PUBLISH', KEYS[3], '1')
return 1
