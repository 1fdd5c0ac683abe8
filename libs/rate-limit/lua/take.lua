-- Takes uses from each of several limits, or none when one of them has none left; several such questions in one call,
-- answered in turn. A limit's window starts with its first use and ends by the key's expiry, which is Redis's own clock:
-- no worker's clock matters.
-- Input:  KEYS the counters of all questions one after the other; ARGV[1] 'durable' to write to the append-only file,
--         else counters live in memory (and on replicas) alone; then for each question how many uses it asks for (as many
--         requests of one client that came at once), how many limits it has, and for each of them its limit and its
--         window in ms
-- Output: for each question how many uses were granted, the index of the limit that grants least, then for each limit its
--         uses and the ms to its end, all in one flat list; nothing is written for a question that is granted none

-- Waiting for the disk at each request would make limits cost more than what they protect (decision 8).
if ARGV[1] ~= 'durable' then redis.set_repl(redis.REPL_REPLICA) end

local reply = {}
local key, argument, at = 0, 2, 1
while argument <= #ARGV do
  local granted = tonumber(ARGV[argument])
  local count = tonumber(ARGV[argument + 1])
  local least = 1
  for i = 1, count do
    local uses = tonumber(redis.call('GET', KEYS[key + i]) or '0')
    local left = math.max(tonumber(ARGV[argument + 2 * i]) - uses, 0)
    if left < granted then
      granted = left
      least = i
    end
    reply[at + 2 * i] = uses
    if uses > 0 then
      reply[at + 2 * i + 1] = math.max(redis.call('PTTL', KEYS[key + i]), 0)
    else
      reply[at + 2 * i + 1] = tonumber(ARGV[argument + 2 * i + 1])
    end
  end
  reply[at] = granted
  reply[at + 1] = least
  if granted > 0 then
    for i = 1, count do
      local uses = redis.call('INCRBY', KEYS[key + i], granted)
      reply[at + 2 * i] = uses
      if uses == granted then redis.call('PEXPIRE', KEYS[key + i], ARGV[argument + 2 * i + 1]) end
    end
  end
  key = key + count
  argument = argument + 2 + 2 * count
  at = at + 2 + 2 * count
end
return reply
