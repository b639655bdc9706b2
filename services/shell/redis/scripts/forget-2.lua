--[[ forget: lets ledger entries behind the horizon go, under the same fence as apply.
  KEYS[1]  position hash of the topic partition      KEYS[2]  bucket of the ledger
  ARGV[1]  token      ARGV[2]  position on which the bucket was read      ARGV[3..]  declaration ids
  Returns  'APPLIED' · 'FENCED' · 'LOST' · 'MOVED': as apply; nothing is let go then
]]
local token = redis.call('HGET', KEYS[1], 'token')
if not token then return 'LOST' end
if token ~= ARGV[1] then return 'FENCED' end
if (redis.call('HGET', KEYS[1], 'position') or '') ~= ARGV[2] then return 'MOVED' end
for index = 3, #ARGV do redis.call('HDEL', KEYS[2], ARGV[index]) end
return 'APPLIED'
