-- Keeps the newest version of something that is told of by events, which may come twice and out of order.
-- Input:  KEYS[1] hash: name -> JSON with a "version"; ARGV[1] name, [2] version, [3] JSON
-- Output: 1 when taken over, 0 when this or a newer version is known already

local text = redis.call('HGET', KEYS[1], ARGV[1])
if text and cjson.decode(text).version >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
