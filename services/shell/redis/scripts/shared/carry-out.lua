--[[ Increments, ledger entries and additions to the index of days, all or nothing. Redis keeps what a script wrote before
  an error, so increments are undone when one fails, and ledger and index are written after all of them.
  increments   per hash u16+key, u32 number of cells; per cell u16+name, u8 number of sums; per sum u8+end of the field,
               u8+amount (text: a Lua number would lose digits). Each field stands once, so the order of taking back is free
  entries      u16+bucket key, u16+declaration id, u32+entry      index   u16+key, u32+what is appended
  Answers nil when it is done, {'FAILED', error, hash and field} when it was undone.
]]
local spread, unpack, pcall = unpack, struct.unpack, redis.pcall
-- Sums of one hash are read together and written together: a call for each of them took half as long again, and wrote its
-- key into the append-only file each time. What a Lua number does not hold for certain is added by Redis, one by one.
local LEAST, TOGETHER, DIGITS, MOST = 3, 1000, 15, 1e15

local function reversed(amount)
  if string.sub(amount, 1, 1) == '-' then return string.sub(amount, 2) end
  return amount == '0' and amount or '-' .. amount
end

-- One by one; answers how many, and the error of the one that failed.
local function addEach(hash, fields, amounts, count)
  for index = 1, count do
    local reply = pcall('HINCRBY', hash, fields[index], amounts[index])
    if type(reply) == 'table' then return index - 1, { 'FAILED', reply.err, hash .. ' ' .. fields[index] } end
  end
  return count
end

-- What the fields come to, in pairs; nil where one of them is no integer of so many digits.
local function pairsOf(fields, amounts, held, count)
  local written = {}
  for index = 1, count do
    local before, amount = held[index], amounts[index]
    if #amount > DIGITS then return nil end
    if before then
      local number = tonumber(before)
      if not number or number % 1 ~= 0 or number > MOST or number < -MOST then return nil end
      amount = number + tonumber(amount)
    end
    written[2 * index - 1], written[2 * index] = fields[index], amount
  end
  return written
end

-- All of them or none, where they are added together; else as addEach.
local function addTogether(hash, fields, amounts, count)
  if count < LEAST then return addEach(hash, fields, amounts, count) end
  local held = pcall('HMGET', hash, spread(fields, 1, count))
  local written = not held.err and pairsOf(fields, amounts, held, count)
  if not written then return addEach(hash, fields, amounts, count) end
  local reply = pcall('HSET', hash, spread(written, 1, 2 * count))
  if type(reply) == 'table' then return 0, { 'FAILED', reply.err, hash .. ' ' .. fields[1] } end
  return count
end

-- Adds all sums, or takes the first `limit` back; answers how many, and the error of the one that failed.
local function addSums(packed, prefix, limit, back)
  local at, total, done = 1, #packed, 0
  local add = back and addEach or addTogether
  local hash, cells, name, sums, ending, amount
  while at <= total and done < limit do
    hash, cells, at = unpack('>Hc0I4', packed, at)
    hash = prefix .. hash
    local fields, amounts, count = {}, {}, 0
    for cell = 1, cells do
      name, sums, at = unpack('>Hc0B', packed, at)
      for sum = 1, sums do
        ending, amount, at = unpack('Bc0Bc0', packed, at)
        if done + count < limit then
          count = count + 1
          fields[count], amounts[count] = name .. ending, back and reversed(amount) or amount
        end
        if count == TOGETHER or (cell == cells and sum == sums) then
          local added, failure = add(hash, fields, amounts, count)
          done = done + added
          if failure then return done, failure end
          count = 0
        end
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
