--[[ readMoment: hashes of cells, and the ledger entries of all declarations that the index has for some days, with the
  positions that they reflect, as of one moment.
  KEYS[1..p]    position hashes      KEYS[p+1..p+h]  hashes of cells      KEYS[p+h+1..]  parts of the index of days
  ARGV[1]  p    ARGV[2]  h    ARGV[3]  bytes of the index that may be looked through
  ARGV[4..]     for each part of the index: the prefix of its partition's ledger buckets
  Returns  {'MOMENT', {position or '', ...}, {field, value, ...} per hash, {declaration id, entry, ...} per part}
           {'TOO-LARGE', bytes}  nothing is read. Of several parts of one partition the first one has a declaration.
]]
local positions, hashes = tonumber(ARGV[1]), tonumber(ARGV[2])
local first = positions + hashes
local bytes = 0
for index = first + 1, #KEYS do bytes = bytes + redis.call('STRLEN', KEYS[index]) end
if bytes > tonumber(ARGV[3]) then return { 'TOO-LARGE', bytes } end
local answer = { 'MOMENT', {} }
for index = 1, positions do answer[2][index] = redis.call('HGET', KEYS[index], 'position') or '' end
for index = positions + 1, first do answer[#answer + 1] = redis.call('HGETALL', KEYS[index]) end

local seen = {}
local unpack = struct.unpack
for index = first + 1, #KEYS do
  local packed, at, found = redis.call('GET', KEYS[index]) or '', 1, {}
  local ledger = ARGV[index - first + 3]
  local of = seen[ledger]
  if not of then
    of = {}
    seen[ledger] = of
  end
  local total = #packed
  local bucket, id
  while at <= total do
    bucket, id, at = unpack('>I4Bc0', packed, at)
    if not of[id] then
      of[id] = true
      local entry = redis.call('HGET', ledger .. bucket, id)
      if entry then
        found[#found + 1] = id
        found[#found + 1] = entry
      end
    end
  end
  answer[#answer + 1] = found
end
return answer
