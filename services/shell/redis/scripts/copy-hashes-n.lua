--[[ copyHashes: hashes of cells as of one moment, with the positions that they reflect. Redis copies them itself:
  a hundred thousand fields cost milliseconds, where reading them here would cost seconds.
  KEYS[1..p]  position hashes     KEYS[p+1], KEYS[p+2] …  source and copy, in turn
  ARGV[1]  p
  Returns  {position or '', ...}
]]
local positions = tonumber(ARGV[1])
for index = positions + 1, #KEYS, 2 do
  if redis.call('COPY', KEYS[index], KEYS[index + 1], 'REPLACE') == 0 then redis.call('UNLINK', KEYS[index + 1]) end
end
local answer = {}
for index = 1, positions do answer[index] = redis.call('HGET', KEYS[index], 'position') or '' end
return answer
