--[[ copyHashes: hashes of cells as of one moment, with the positions that they reflect. Redis copies them itself:
  a hundred thousand fields cost milliseconds, where reading them here would cost seconds.
  KEYS[1], KEYS[2] …  copies: the only keys that are written, so the only ones that a user must have the right to write
  ARGV[1..n]  their sources, in the same order     ARGV[n+1..]  position hashes
  Returns  {position or '', ...}
]]
for index, copy in ipairs(KEYS) do
  if redis.call('COPY', ARGV[index], copy, 'REPLACE') == 0 then redis.call('UNLINK', copy) end
end
local answer = {}
for index = #KEYS + 1, #ARGV do answer[index - #KEYS] = redis.call('HGET', ARGV[index], 'position') or '' end
return answer
