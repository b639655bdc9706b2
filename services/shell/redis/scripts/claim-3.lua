--[[ claim: a new owner takes a topic partition over.
  KEYS[1]  position hash of the topic partition: token, position, begun
  KEYS[2]  manifest of the namespace
  KEYS[3]  list of parts of a large change
  ARGV[1]  token of the new owner
  ARGV[2]  manifest of the new owner
  Returns  {'CLAIMED', position or '', begun or ''}   from now on only this token may change figures here; 'begun': the
                                 position of a change that was begun, and that the new owner has to finish
           {'ALIEN', manifest}   the namespace is made of something else: nothing is changed
]]
local manifest = redis.call('GET', KEYS[2])
if manifest and manifest ~= ARGV[2] then return { 'ALIEN', manifest } end
if not manifest then redis.call('SET', KEYS[2], ARGV[2]) end
redis.call('HSET', KEYS[1], 'token', ARGV[1])
local begun = redis.call('HGET', KEYS[1], 'begun') or ''
-- Parts that nobody has begun to carry out are of an owner that will not come back: they are put down anew.
if begun == '' then redis.call('DEL', KEYS[3]) end
return { 'CLAIMED', redis.call('HGET', KEYS[1], 'position') or '', begun }
