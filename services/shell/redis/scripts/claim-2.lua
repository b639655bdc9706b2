--[[ claim: a new owner takes a topic partition over.
  KEYS[1]  position hash of the topic partition: token, position
  KEYS[2]  manifest of the namespace
  ARGV[1]  token of the new owner
  ARGV[2]  manifest of the new owner
  Returns  {'CLAIMED', position or ''}   from now on only this token may change figures here
           {'ALIEN', manifest}           the namespace is made of something else: nothing is changed
]]
local manifest = redis.call('GET', KEYS[2])
if manifest and manifest ~= ARGV[2] then return { 'ALIEN', manifest } end
if not manifest then redis.call('SET', KEYS[2], ARGV[2]) end
redis.call('HSET', KEYS[1], 'token', ARGV[1])
return { 'CLAIMED', redis.call('HGET', KEYS[1], 'position') or '' }
