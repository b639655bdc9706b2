--[[ take step: carries the next part of a large change out. With the first of them the change has begun, and only goes on.
  KEYS[1]  position hash of the topic partition: token, position, begun
  KEYS[2]  list of parts: u32+increments, u32+ledger entries, u32+additions to the index of days (shared/carry-out)
  ARGV[1]  token      ARGV[2]  position expected      ARGV[3]  position afterwards
  ARGV[4]  prefix of the namespace's keys
  ARGV[5]  how many parts must be left; '': as many as there are, of a change that was begun
  ARGV[6]  how many parts the change has; only the first of them may find that it was not begun
  Returns  {'MORE', parts left} · 'APPLIED' (that was the last one) · 'ALREADY' (an earlier try took the last one)
           'MOVED' · 'FENCED' · 'LOST' as of apply · {'FAILED', error, hash and field} (this part is undone, and stays)
]]
-- with standing, carry-out
local refused = standing(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
if refused then return refused end
local left = redis.call('LLEN', KEYS[2])
local begun = redis.call('HGET', KEYS[1], 'begun')
if begun == ARGV[2] then begun = nil end
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

local increments, entries, index = '', '', ''
if left > 0 then increments, entries, index = struct.unpack('>I4c0I4c0I4c0', redis.call('LINDEX', KEYS[2], 0)) end
local done = {}
local failure = carryOut(increments, entries, index, ARGV[4], done)
if failure then return failure end
if left > 1 then
  return (not begun and write(done, 'HSET', KEYS[1], 'begun', ARGV[3])) or write(done, 'LPOP', KEYS[2]) or { 'MORE', left - 1 }
end
local refusedWrite = write(done, 'HSET', KEYS[1], 'position', ARGV[3])
if refusedWrite then return refusedWrite end
-- What stays of them is of a change that the position covers: nobody takes it for one that has begun.
redis.pcall('DEL', KEYS[2])
redis.pcall('HDEL', KEYS[1], 'begun')
return 'APPLIED'
