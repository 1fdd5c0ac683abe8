-- Reads a cart with the price-book entries of its lines.
-- Input:  KEYS[1] cart, KEYS[2] price book
-- Output: snapshot with status 'ok'
--- @include "./cart-snapshot.lua"

return snapshot('ok')
