--[[ Increments, ledger entries and additions to the index of days, all or nothing. Redis keeps what a script wrote before
  an error, so increments are undone when one fails, and ledger and index are written after all of them.
  increments   per hash u16+key, u32 number of cells; per cell u16+name, u8 number of sums; per sum u8+end of the field,
               u8+amount (text: a Lua number would lose digits). Each field stands once, so the order of taking back is free
  entries      u16+bucket key, u16+declaration id, u32+entry      index   u16+key, u32+what is appended
  Answers nil when it is done, {'FAILED', error, hash and field} when it was undone.
]]
local unpack = struct.unpack
local pcall = redis.pcall

-- Adds the first `limit` sums, or takes them back; answers how many, and the error of the one that failed.
local function addSums(packed, prefix, limit, back)
  local at, total, done = 1, #packed, 0
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

local function carryOut(increments, entries, index, prefix)
  local done, failure = addSums(increments, prefix, math.huge, false)
  if failure then
    addSums(increments, prefix, done, true)
    return failure
  end
  local at, total, hash, id, value = 1, #entries, nil, nil, nil
  while at <= total do
    hash, id, value, at = unpack('>Hc0Hc0I4c0', entries, at)
    redis.call('HSET', prefix .. hash, id, value)
  end
  at, total = 1, #index
  while at <= total do
    hash, value, at = unpack('>Hc0I4c0', index, at)
    redis.call('APPEND', prefix .. hash, value)
  end
end
