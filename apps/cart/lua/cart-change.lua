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
  return count - redis.call('HEXISTS', cart, 'v') - redis.call('HEXISTS', cart, 'cur')
end

-- Whether the client's If-Match ('' = none was sent) forbids the change.
local function isStale(cart, expected)
  return expected ~= '' and expected ~= versionOf(cart)
end

local function writeLine(cart, sku, line)
  redis.call('HSET', cart, fieldOf(sku), formatLine(line))
end

-- Ends a change: next version, no currency without lines, and the cart lives for another ttl seconds (nil: as long as
-- it would have).
local function commit(cart, ttl)
  redis.call('HINCRBY', cart, 'v', 1)
  if countLines(cart) == 0 then redis.call('HDEL', cart, 'cur') end
  if ttl then redis.call('EXPIRE', cart, ttl) end
end
