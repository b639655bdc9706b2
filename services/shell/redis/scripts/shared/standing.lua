-- Compares: nil while the owner's token and the position on which it read the ledger are both still in place; else why
-- it may change nothing: 'LOST' (token or position gone), 'FENCED' (another owner), 'ALREADY' (an earlier try of the
-- same owner did it), 'MOVED' (another position). `key`: position hash of the topic partition.
local function standing(key, owner, expected, afterwards)
  local token = redis.call('HGET', key, 'token')
  if not token then return 'LOST' end
  if token ~= owner then return 'FENCED' end
  local position = redis.call('HGET', key, 'position') or ''
  if position == expected then return nil end
  if position == afterwards then return 'ALREADY' end
  if position == '' then return 'LOST' end
  return 'MOVED'
end
