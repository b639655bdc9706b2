--[[ readBucket: everything that one bucket of the ledger keeps, with the position it belongs to.
  KEYS[1]  position hash of the topic partition      KEYS[2]  bucket of the ledger
  Returns  {position or '', {declaration id, entry, ...}}
]]
return { redis.call('HGET', KEYS[1], 'position') or '', redis.call('HGETALL', KEYS[2]) }
