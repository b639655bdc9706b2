--[[ apply: figures, ledger entries, position and change list of one piece of a batch, all or nothing.
  Compares and sets: it applies only while the owner's token and the position on which the owner read
  the ledger are both still in place. Redis keeps what a script wrote before an error, so increments
  are undone when one fails, and ledger and position are written after all of them.
  KEYS[1]  position hash of the topic partition: token, position
  KEYS[2]  stream of changed cells
  ARGV[1]  token      ARGV[2]  position expected      ARGV[3]  position afterwards
  ARGV[4]  prefix of the namespace's keys
  ARGV[5]  packed increments: per hash u16+key, u32 count, then per field u16+field, u16+amount (text: a
           Lua number would lose digits)
  ARGV[6]  packed ledger entries: u16+bucket key, u16+declaration id, u32+entry
  ARGV[7]  changed cells, one text; '' for none
  Returns  'APPLIED' · 'ALREADY' (an earlier try of the same owner did it) · 'MOVED' (another position)
           'FENCED' (another owner) · 'LOST' (token or position gone) · 'OVERFLOW <hash> <field>' (undone)
]]
local token = redis.call('HGET', KEYS[1], 'token')
if not token then return 'LOST' end
if token ~= ARGV[1] then return 'FENCED' end
local position = redis.call('HGET', KEYS[1], 'position') or ''
if position ~= ARGV[2] then
  if position == ARGV[3] then return 'ALREADY' end
  if position == '' then return 'LOST' end
  return 'MOVED'
end

local prefix = ARGV[4]
local packed, at = ARGV[5], 1
local total = #packed
local hash, count, field, amount
local done = 0
local failure
while at <= total and not failure do
  hash, at = struct.unpack('>Hc0', packed, at)
  count, at = struct.unpack('>I4', packed, at)
  hash = prefix .. hash
  for _ = 1, count do
    field, at = struct.unpack('>Hc0', packed, at)
    amount, at = struct.unpack('>Hc0', packed, at)
    local reply = redis.pcall('HINCRBY', hash, field, amount)
    if type(reply) == 'table' then
      failure = 'OVERFLOW ' .. hash .. ' ' .. field .. ' ' .. reply.err
      break
    end
    done = done + 1
  end
end

-- Walked again only when it is needed: each field stands once in a piece, so the order of taking back is free.
if failure then
  at = 1
  while done > 0 do
    hash, at = struct.unpack('>Hc0', packed, at)
    count, at = struct.unpack('>I4', packed, at)
    for _ = 1, math.min(count, done) do
      field, at = struct.unpack('>Hc0', packed, at)
      amount, at = struct.unpack('>Hc0', packed, at)
      if string.sub(amount, 1, 1) == '-' then amount = string.sub(amount, 2) else amount = '-' .. amount end
      if amount ~= '-0' then redis.call('HINCRBY', prefix .. hash, field, amount) end
    end
    done = done - math.min(count, done)
  end
  return failure
end

packed, at = ARGV[6], 1
total = #packed
local id, entry
while at <= total do
  hash, at = struct.unpack('>Hc0', packed, at)
  id, at = struct.unpack('>Hc0', packed, at)
  entry, at = struct.unpack('>I4c0', packed, at)
  redis.call('HSET', prefix .. hash, id, entry)
end
if ARGV[7] ~= '' then redis.call('XADD', KEYS[2], '*', 'cells', ARGV[7]) end
redis.call('HSET', KEYS[1], 'position', ARGV[3])
return 'APPLIED'
