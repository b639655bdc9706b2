--[[ write-directory: the copy of the directory of namespaces, unless what is there is newer.
  KEYS[1]  hash: revision, text
  ARGV[1]  revision      ARGV[2]  text
]]
local revision = redis.call('HGET', KEYS[1], 'revision')
if revision and tonumber(revision) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'text', ARGV[2])
return 1
