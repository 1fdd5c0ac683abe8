-- Gives a fill lock back, unless it has expired and belongs to somebody else by now.
-- Input:  KEYS[1] lock; ARGV[1] the holder's token
-- Output: 1 when it was released, 0 when it was not ours any more
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
