--[[ apply: figures, ledger entries, index of days, position and change list of one piece of a batch, all or nothing.
  Compares and sets: it applies only while the owner's token and the position on which the owner read
  the ledger are both still in place. Redis keeps what a script wrote before an error, so increments
  are undone when one fails, and ledger, index and position are written after all of them.
  KEYS[1]  position hash of the topic partition: token, position
  KEYS[2]  stream of changed cells
  ARGV[1]  token      ARGV[2]  position expected      ARGV[3]  position afterwards
  ARGV[4]  prefix of the namespace's keys
  ARGV[5]  packed increments: per hash u16+key, u32 number of cells; per cell u16+name, u8 number of sums; per
           sum u8+end of the field, u8+amount (text: a Lua number would lose digits)
  ARGV[6]  packed ledger entries: u16+bucket key, u16+declaration id, u32+entry
  ARGV[7]  packed additions to the index of days: u16+key, u32+what is appended
  ARGV[8]  changed cells, one text; '' for none     ARGV[9]  entries that the stream keeps: who finds it full compares everything
  Returns  'APPLIED' · 'ALREADY' (an earlier try of the same owner did it) · 'MOVED' (another position)
           'FENCED' (another owner) · 'LOST' (token or position gone) · {'FAILED', error, hash and field} (undone)
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
local unpack = struct.unpack
local pcall = redis.pcall
local most = math.huge

-- Adds the first `limit` sums, or takes them back; answers how many, and the error of the one that failed.
local function add(limit, back)
  local packed, at = ARGV[5], 1
  local total = #packed
  local done = 0
  local hash, cells, name, sums, ending, amount
  while at <= total and done < limit do
    hash, cells, at = unpack('>Hc0I4', packed, at)
    hash = prefix .. hash
    for _ = 1, cells do
      name, sums, at = unpack('>Hc0B', packed, at)
      for _ = 1, sums do
        if done >= limit then return done end
        ending, amount, at = unpack('Bc0Bc0', packed, at)
        if back then
          if string.sub(amount, 1, 1) == '-' then amount = string.sub(amount, 2) elseif amount ~= '0' then amount = '-' .. amount end
        end
        local reply = pcall('HINCRBY', hash, name .. ending, amount)
        if type(reply) == 'table' then return done, {'FAILED', reply.err, hash .. ' ' .. name .. ending} end
        done = done + 1
      end
    end
  end
  return done
end

-- Each field stands once in a piece, so the order of taking back is free.
local done, failure = add(most, false)
if failure then
  add(done, true)
  return failure
end

local packed, at = ARGV[6], 1
local total = #packed
local hash, id, entry
while at <= total do
  hash, at = struct.unpack('>Hc0', packed, at)
  id, at = struct.unpack('>Hc0', packed, at)
  entry, at = struct.unpack('>I4c0', packed, at)
  redis.call('HSET', prefix .. hash, id, entry)
end
packed, at = ARGV[7], 1
total = #packed
while at <= total do
  hash, entry, at = struct.unpack('>Hc0I4c0', packed, at)
  redis.call('APPEND', prefix .. hash, entry)
end
if ARGV[8] ~= '' then redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[9], '*', 'cells', ARGV[8]) end
redis.call('HSET', KEYS[1], 'position', ARGV[3])
return 'APPLIED'
