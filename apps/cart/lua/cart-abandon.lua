-- Announces an abandoned cart, once per abandonment: only the next change notes the cart again.
-- Input:  KEYS[1] customers' carts by last change, KEYS[2] outbox stream (also the channel that wakes the relay)
--         ARGV[1] customer's id, [2] second of the last change that was seen, [3] event, '' for a cart that has vanished
-- Output: 1 when it was announced or dropped, 0 when it was changed meanwhile

local since = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not since or tonumber(since) ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[3] ~= '' then
  redis.call('XADD', KEYS[2], '*', 'event', ARGV[3])
  redis.call('PUBLISH', KEYS[2], '1')
end
return 1
