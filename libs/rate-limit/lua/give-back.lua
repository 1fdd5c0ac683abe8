-- Gives one use back to each limit whose window is still open.
-- Input:  KEYS[i] counter of limit i
-- Output: how many were given back

local given = 0
for i = 1, #KEYS do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > 0 then
    redis.call('DECR', KEYS[i])
    given = given + 1
  end
end
return given
