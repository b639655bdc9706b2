--[[ claim anew: what a namespace is made of changes, and with it the owner of a topic partition.
  KEYS[1]  position hash of the topic partition: token, position, begun
  KEYS[2]  manifest of the namespace
  KEYS[3]  list of parts of a large change
  ARGV[1]  token of the new owner
  ARGV[2]  manifest from now on: an owner that knows another one can claim nothing any more
  Returns  {position or '', begun or ''}   as of claim
]]
redis.call('SET', KEYS[2], ARGV[2])
redis.call('HSET', KEYS[1], 'token', ARGV[1])
local begun = redis.call('HGET', KEYS[1], 'begun') or ''
if begun == '' then redis.call('DEL', KEYS[3]) end
return { redis.call('HGET', KEYS[1], 'position') or '', begun }
