--[[ readFigures: whole hashes and the positions that they reflect, as of one moment.
  KEYS[1..p]    position hashes       KEYS[p+1..]  hashes of cells
  ARGV[1]  p    ARGV[2]  how many fields may be read in all
  Returns  {'FIGURES', {position or '', ...}, packed {field, value, ...}, ...}: as one MessagePack text a hash, since
           tens of thousands of replies cost their reader four times as much as taking one apart
           {'TOO-MANY', fields}  nothing is read
]]
local positions = tonumber(ARGV[1])
local fields = 0
for index = positions + 1, #KEYS do fields = fields + redis.call('HLEN', KEYS[index]) end
if fields > tonumber(ARGV[2]) then return { 'TOO-MANY', fields } end
local answer = { 'FIGURES', {} }
for index = 1, positions do answer[2][index] = redis.call('HGET', KEYS[index], 'position') or '' end
for index = positions + 1, #KEYS do answer[#answer + 1] = cmsgpack.pack(redis.call('HGETALL', KEYS[index])) end
return answer
