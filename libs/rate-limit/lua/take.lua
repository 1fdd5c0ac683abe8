-- Takes one use from each of several limits, or from none when one of them has none left. A limit's window starts with
-- its first use and ends by the key's expiry, which is Redis's own clock: no worker's clock matters.
-- Input:  KEYS[i] counter of limit i; ARGV[2i-1] its limit, ARGV[2i] its window in ms
-- Output: {index of the first limit that refuses or 0, uses of 1, ms to the end of 1, uses of 2, ...}; nothing is
--         written when a limit refuses

local refusing = 0
local reply = { 0 }
for i = 1, #KEYS do
  local uses = tonumber(redis.call('GET', KEYS[i]) or '0')
  if refusing == 0 and uses >= tonumber(ARGV[2 * i - 1]) then refusing = i end
  reply[2 * i] = uses
  reply[2 * i + 1] = tonumber(ARGV[2 * i])
  if uses > 0 then reply[2 * i + 1] = math.max(redis.call('PTTL', KEYS[i]), 0) end
end
reply[1] = refusing
if refusing > 0 then return reply end

for i = 1, #KEYS do
  reply[2 * i] = redis.call('INCR', KEYS[i])
  if reply[2 * i] == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[2 * i]) end
end
return reply
