-- Included by the scripts that change a cart, after cart-snapshot.lua.

local function versionOf(cart)
  return redis.call('HGET', cart, 'v') or '0'
end

local function linesOf(cart)
  local lines = {}
  local fields = redis.call('HGETALL', cart)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'l:' then lines[#lines + 1] = string.sub(fields[i], 3) end
  end
  return lines
end

local function countLines(cart)
  local count = redis.call('HLEN', cart)
  if count == 0 then return 0 end
  local others = redis.call('HMGET', cart, 'v', 'cur', 'cp', 'sm')
  for i = 1, 4 do
    if others[i] then count = count - 1 end
  end
  return count
end

-- Whether the client's If-Match ('' = none was sent) forbids the change.
local function isStale(cart, expected)
  return expected ~= '' and expected ~= versionOf(cart)
end

local function writeLine(cart, sku, line)
  redis.call('HSET', cart, fieldOf(sku), formatLine(line))
end

-- Ends a change: next version, no currency without lines, and the cart lives for another ttl seconds (nil: as long as
-- it would have). A customer's cart is noted in `touched` (a sorted set: user id, by the second of the last change) for
-- as long as something is in it; a guest's is not, for nobody could be written to.
local function commit(cart, ttl, touched, userId)
  redis.call('HINCRBY', cart, 'v', 1)
  local isEmpty = countLines(cart) == 0
  if isEmpty then redis.call('HDEL', cart, 'cur') end
  if ttl then redis.call('EXPIRE', cart, ttl) end
  if userId and userId ~= '' then
    if isEmpty then redis.call('ZREM', touched, userId) else redis.call('ZADD', touched, redis.call('TIME')[1], userId) end
  end
end
