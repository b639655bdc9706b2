--[[ readFigures: whole hashes, the positions that they reflect, and notes, as of one moment.
  KEYS[1..p]    position hashes       KEYS[p+1..p+n]  notes      KEYS[p+n+1..]  hashes of cells
  ARGV[1]  p    ARGV[2]  n            ARGV[3]  how many fields may be read in all
  Returns  {'FIGURES', {position or '', ...}, {note or false, ...}, packed {field, value, ...}, ...}: as one MessagePack text a hash, since
           tens of thousands of replies cost their reader four times as much as taking one apart
           {'TOO-MANY', fields}  nothing is read
]]
local positions = tonumber(ARGV[1])
local before = positions + tonumber(ARGV[2])
local fields = 0
for index = before + 1, #KEYS do fields = fields + redis.call('HLEN', KEYS[index]) end
if fields > tonumber(ARGV[3]) then return { 'TOO-MANY', fields } end
local answer = { 'FIGURES', {}, {} }
for index = 1, positions do answer[2][index] = redis.call('HGET', KEYS[index], 'position') or '' end
for index = positions + 1, before do answer[3][index - positions] = redis.call('GET', KEYS[index]) end
for index = before + 1, #KEYS do answer[#answer + 1] = cmsgpack.pack(redis.call('HGETALL', KEYS[index])) end
return answer
