--[[ Increments, ledger entries and additions to the index of days, all or nothing. Redis keeps what a script wrote before
  an error, so increments are undone when anything behind them fails, each by the command that made it: a user may have lost
  the right to another one (test/integration/secured-wires). Index and ledger come last, and fail at their first write if at
  all; what the index has got too much names a declaration without an entry, which nobody counts.
  increments   per hash u16+key, u32 number of cells; per cell u16+name, u8 number of sums; per sum u8+end of the field,
               u8+amount (text: a Lua number would lose digits). Each field stands once, so the order of taking back is free
  entries      per bucket u16+key, u16 number of entries; per entry u16+declaration id, u32+entry
  index        u16+key, u32+what is appended
  Answers nil when it is done, {'FAILED', error, hash and field} when it was undone.
]]
local spread, unpack, pcall = unpack, struct.unpack, redis.pcall
-- Sums of one hash are read together and written together: a call for each of them took half as long again, and wrote its
-- key into the append-only file each time. What a Lua number does not hold for certain is added by Redis, one by one.
local LEAST, TOGETHER, DIGITS, MOST = 3, 1000, 15, 1e15

local function failed(reply, where) return { 'FAILED', reply.err, where } end

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

-- One by one.
local function addEach(hash, fields, amounts, count, done)
  local added = { hash = hash, fields = fields, amounts = amounts, count = 0 }
  done[#done + 1] = added
  for index = 1, count do
    local reply = pcall('HINCRBY', hash, fields[index], amounts[index])
    if type(reply) == 'table' then return failed(reply, hash .. ' ' .. fields[index]) end
    added.count = index
  end
end

-- All of them or none, where they are added together; else as addEach.
local function addTogether(hash, fields, amounts, count, done)
  if count < LEAST then return addEach(hash, fields, amounts, count, done) end
  local held = pcall('HMGET', hash, spread(fields, 1, count))
  local written = not held.err and pairsOf(fields, amounts, held, count)
  if not written then return addEach(hash, fields, amounts, count, done) end
  local reply = pcall('HSET', hash, spread(written, 1, 2 * count))
  if type(reply) == 'table' then return failed(reply, hash .. ' ' .. fields[1]) end
  done[#done + 1] = { hash = hash, fields = fields, held = held, count = count }
end

-- Adds all sums; `done` gets what was written, group by group. Answers the error of the one that failed.
local function addSums(packed, prefix, done)
  local at, total = 1, #packed
  local hash, cells, name, sums, ending, amount
  while at <= total do
    hash, cells, at = unpack('>Hc0I4', packed, at)
    hash = prefix .. hash
    local fields, amounts, count = {}, {}, 0
    for cell = 1, cells do
      name, sums, at = unpack('>Hc0B', packed, at)
      for sum = 1, sums do
        ending, amount, at = unpack('Bc0Bc0', packed, at)
        count = count + 1
        fields[count], amounts[count] = name .. ending, amount
        if count == TOGETHER or (cell == cells and sum == sums) then
          local failure = addTogether(hash, fields, amounts, count, done)
          if failure then return failure end
          fields, amounts, count = {}, {}, 0
        end
      end
    end
  end
end

local function reversed(amount)
  if string.sub(amount, 1, 1) == '-' then return string.sub(amount, 2) end
  return amount == '0' and amount or '-' .. amount
end

local function undo(done)
  for _, group in ipairs(done) do
    if group.held then
      local before = {}
      for index = 1, group.count do before[2 * index - 1], before[2 * index] = group.fields[index], group.held[index] or '0' end
      redis.call('HSET', group.hash, spread(before, 1, 2 * group.count))
    else
      for index = 1, group.count do redis.call('HINCRBY', group.hash, group.fields[index], reversed(group.amounts[index])) end
    end
  end
end

-- A command that belongs to the change: where it is refused, the sums are taken back.
local function write(done, command, key, ...)
  local reply = pcall(command, key, ...)
  if type(reply) ~= 'table' or not reply.err then return nil end
  undo(done)
  return failed(reply, key)
end

-- `done` gets the sums that were added; `besides`: arguments of a command between them and the index, or nil.
local function carryOut(increments, entries, index, prefix, done, besides)
  local failure = addSums(increments, prefix, done)
  if failure then
    undo(done)
    return failure
  end
  failure = besides and write(done, spread(besides)) or nil
  local at, total, key, value = 1, #index, nil, nil
  while not failure and at <= total do
    key, value, at = unpack('>Hc0I4c0', index, at)
    failure = write(done, 'APPEND', prefix .. key, value)
  end
  at, total = 1, #entries
  local count, written
  while not failure and at <= total do
    key, count, at = unpack('>Hc0H', entries, at)
    written = {}
    for index = 1, 2 * count, 2 do written[index], written[index + 1], at = unpack('>Hc0I4c0', entries, at) end
    failure = write(done, 'HSET', prefix .. key, spread(written, 1, 2 * count))
  end
  return failure
end
