--[[ readCells: some fields of some hashes and the positions that they reflect, as of one moment.
  KEYS[1..p]    position hashes
  ARGV[1]  p    ARGV[2]  prefix of the namespace's keys
  ARGV[3]  packed cells: u16+hash, u32 count, then per field u16+field
  Returns  {{position or '', ...}, value or false, ...} in the order asked
]]
local positions = tonumber(ARGV[1])
local answer = { {} }
for index = 1, positions do answer[1][index] = redis.call('HGET', KEYS[index], 'position') or '' end
local packed, at = ARGV[3], 1
local total = #packed
local hash, count, field
while at <= total do
  hash, at = struct.unpack('>Hc0', packed, at)
  count, at = struct.unpack('>I4', packed, at)
  hash = ARGV[2] .. hash
  for _ = 1, count do
    field, at = struct.unpack('>Hc0', packed, at)
    answer[#answer + 1] = redis.call('HGET', hash, field)
  end
end
return answer
