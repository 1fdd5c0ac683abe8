-- Included by every cart script. A cart is a hash:
--   v            version, grows by one with every change
--   cur          currency of all its lines (absent while empty)
--   cp, sm       code of the coupon and shipping method that were chosen (absent: none)
--   l:<sku>      "quantity|order|amount|currency": order = version at which the line was added; amount and currency =
--                price when it was last put in, in minor units
-- The price book is a hash: sku -> JSON entry; availability too: sku -> {"version", "inStock"} (see README).
-- Expects KEYS[1] cart, KEYS[2] price book, KEYS[3] availability.

local function parseLine(text)
  local quantity, order, amount, currency = string.match(text, '^(%d+)|(%d+)|(%d+)|(%u+)$')
  return { quantity = tonumber(quantity), order = order, amount = amount, currency = currency }
end

local function formatLine(line)
  return string.format('%d|%s|%s|%s', line.quantity, line.order, line.amount, line.currency)
end

local function fieldOf(sku)
  return 'l:' .. sku
end

local function readLine(cart, sku)
  local text = redis.call('HGET', cart, fieldOf(sku))
  return text and parseLine(text) or nil
end

-- Answers {status, version, currency, coupon, shipping method, sku, line, entry, availability, sku, line ...}; what
-- there is none of is ''.
local function snapshot(status)
  local reply = { status, '0', '', '', '' }
  local skus, lines = {}, {}
  local fields = redis.call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do
    local field, value = fields[i], fields[i + 1]
    if field == 'v' then reply[2] = value
    elseif field == 'cur' then reply[3] = value
    elseif field == 'cp' then reply[4] = value
    elseif field == 'sm' then reply[5] = value
    elseif string.sub(field, 1, 2) == 'l:' then
      skus[#skus + 1] = string.sub(field, 3)
      lines[#lines + 1] = value
    end
  end
  if #skus == 0 then return reply end
  local entries = redis.call('HMGET', KEYS[2], unpack(skus))
  local known = redis.call('HMGET', KEYS[3], unpack(skus))
  for i = 1, #skus do
    reply[#reply + 1] = skus[i]
    reply[#reply + 1] = lines[i]
    reply[#reply + 1] = entries[i] or ''
    reply[#reply + 1] = known[i] or ''
  end
  return reply
end
