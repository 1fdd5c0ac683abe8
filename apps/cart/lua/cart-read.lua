-- Reads a cart with the price-book entries and the availability of its lines.
-- Input:  KEYS[1] cart, KEYS[2] price book, KEYS[3] availability
-- Output: snapshot with status 'ok'
--- @include "./cart-snapshot.lua"

return snapshot('ok')
