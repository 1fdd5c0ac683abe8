-- Input: KEYS[1] counter; ARGV[1] step. Output: {marker of the included part, counter}
--- @include "./part.lua"

return { marker, redis.call('INCRBY', KEYS[1], ARGV[1]) }
