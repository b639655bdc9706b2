--[[ claim anew: what a namespace is made of changes, and with it the owner of a topic partition.
  KEYS[1]  position hash of the topic partition: token, position
  KEYS[2]  manifest of the namespace
  ARGV[1]  token of the new owner
  ARGV[2]  manifest from now on: an owner that knows another one can claim nothing any more
  Returns  position or ''
]]
redis.call('SET', KEYS[2], ARGV[2])
redis.call('HSET', KEYS[1], 'token', ARGV[1])
return redis.call('HGET', KEYS[1], 'position') or ''
