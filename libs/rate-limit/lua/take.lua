-- Takes one use from each of several limits, or from none when one of them has none left; several such questions in one
-- call, answered in turn. A limit's window starts with its first use and ends by the key's expiry, which is Redis's own
-- clock: no worker's clock matters.
-- Input:  KEYS the counters of all questions one after the other; ARGV[1] 'durable' to write to the append-only file,
--         else counters live in memory (and on replicas) alone; then for each question how many limits it has, and for
--         each of them its limit and its window in ms
-- Output: for each question the index of the limit that refuses or 0, then for each limit its uses and the ms to its
--         end, all in one flat list; nothing is written for a question that is refused

-- Waiting for the disk at each request would make limits cost more than what they protect (decision 8).
if ARGV[1] ~= 'durable' then redis.set_repl(redis.REPL_REPLICA) end

local reply = {}
local key, argument = 0, 2
while argument <= #ARGV do
  local count = tonumber(ARGV[argument])
  local head = #reply + 1
  reply[head] = 0
  for i = 1, count do
    local uses = tonumber(redis.call('GET', KEYS[key + i]) or '0')
    local window = tonumber(ARGV[argument + 2 * i])
    if reply[head] == 0 and uses >= tonumber(ARGV[argument + 2 * i - 1]) then reply[head] = i end
    reply[head + 2 * i - 1] = uses
    reply[head + 2 * i] = window
    if uses > 0 then reply[head + 2 * i] = math.max(redis.call('PTTL', KEYS[key + i]), 0) end
  end
  if reply[head] == 0 then
    for i = 1, count do
      local uses = redis.call('INCR', KEYS[key + i])
      reply[head + 2 * i - 1] = uses
      if uses == 1 then redis.call('PEXPIRE', KEYS[key + i], ARGV[argument + 2 * i]) end
    end
  end
  key = key + count
  argument = argument + 1 + 2 * count
end
return reply
