--[[ take step: carries the next part of a large change out. With the first of them the change has begun, and only goes on.
  KEYS[1]  position hash of the topic partition: token, position, begun
  KEYS[2]  list of parts: u32+increments, u32+ledger entries, u32+additions to the index of days, each as of apply
  ARGV[1]  token      ARGV[2]  position expected      ARGV[3]  position afterwards
  ARGV[4]  prefix of the namespace's keys
  ARGV[5]  how many parts must be left; '': as many as there are, of a change that was begun
  ARGV[6]  how many parts the change has; only the first of them may find that it was not begun
  Returns  {'MORE', parts left} · 'APPLIED' (that was the last one) · 'ALREADY' (an earlier try took the last one)
           'MOVED' · 'FENCED' · 'LOST' as of apply · {'FAILED', error, hash and field} (this part is undone, and stays)
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
local left = redis.call('LLEN', KEYS[2])
local begun = redis.call('HGET', KEYS[1], 'begun')
if ARGV[5] ~= '' then
  local expected = tonumber(ARGV[5])
  -- An earlier try of this call has taken it.
  if begun and left == expected - 1 then return { 'MORE', left } end
  -- A store that went back to the moment when just so many had been put down has not begun: the rest of them is not there.
  if left ~= expected or (not begun and ARGV[5] ~= ARGV[6]) then return 'LOST' end
elseif not begun or left == 0 then
  return 'LOST'
end
if begun and begun ~= ARGV[3] then return 'MOVED' end

local prefix = ARGV[4]
local unpack = struct.unpack
local pcall = redis.pcall
local most = math.huge
local increments, entries, index = '', '', ''
if left > 0 then increments, entries, index = unpack('>I4c0I4c0I4c0', redis.call('LINDEX', KEYS[2], 0)) end

-- As of apply: adds the first `limit` sums, or takes them back; answers how many, and the error of the one that failed.
local function add(limit, back)
  local packed, at = increments, 1
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

local done, failure = add(most, false)
if failure then
  add(done, true)
  return failure
end

local at, total, hash, id, entry = 1, #entries, nil, nil, nil
while at <= total do
  hash, id, entry, at = unpack('>Hc0Hc0I4c0', entries, at)
  redis.call('HSET', prefix .. hash, id, entry)
end
at, total = 1, #index
while at <= total do
  hash, entry, at = unpack('>Hc0I4c0', index, at)
  redis.call('APPEND', prefix .. hash, entry)
end
if left > 1 then
  redis.call('LPOP', KEYS[2])
  if not begun then redis.call('HSET', KEYS[1], 'begun', ARGV[3]) end
  return { 'MORE', left - 1 }
end
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[1], 'begun')
redis.call('HSET', KEYS[1], 'position', ARGV[3])
return 'APPLIED'
