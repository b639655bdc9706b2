--[[ put step: puts one part of a large change down, to be carried out once all of them are there. No figure changes.
  KEYS[1]  position hash of the topic partition: token, position, begun
  KEYS[2]  list of parts
  ARGV[1]  token      ARGV[2]  position expected      ARGV[3]  position afterwards
  ARGV[4]  number of the part, from 0      ARGV[5]  the part
  Returns  'APPLIED' (it lies there, by this call or an earlier try) · 'ALREADY' · 'MOVED' · 'FENCED' · 'LOST' as of apply
]]
-- with standing
local refused = standing(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
if refused then return refused end
-- One that was begun is finished by a claim, and by nothing else.
local begun = redis.call('HGET', KEYS[1], 'begun')
if begun and begun ~= ARGV[2] then return 'MOVED' end
local number = tonumber(ARGV[4])
-- What the same owner put down for a change that it gave up is replaced, as nothing of it was begun.
if number == 0 then redis.call('DEL', KEYS[2]) end
local count = redis.call('LLEN', KEYS[2])
if count > number then return 'APPLIED' end
if count < number then return 'LOST' end
redis.call('RPUSH', KEYS[2], ARGV[5])
return 'APPLIED'
