--[[ readLedger: what the ledger keeps of some declarations, with the position it belongs to.
  KEYS[1]  position hash of the topic partition
  ARGV[1]  prefix of the ledger's bucket keys
  ARGV[2]  packed pairs: u16 length + bucket, u16 length + declaration id
  Returns  {position or '', entry or false, ...} in the order asked
]]
local packed, at = ARGV[2], 1
local answer = { redis.call('HGET', KEYS[1], 'position') or '' }
local bucket, id
local length = #packed
while at <= length do
  bucket, at = struct.unpack('>Hc0', packed, at)
  id, at = struct.unpack('>Hc0', packed, at)
  answer[#answer + 1] = redis.call('HGET', ARGV[1] .. bucket, id)
end
return answer
