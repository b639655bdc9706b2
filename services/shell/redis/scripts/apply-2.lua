--[[ apply: figures, ledger entries, index of days, position and change list of one piece of a batch, all or nothing.
  Compares and sets: it applies only while the owner's token and the position on which the owner read
  the ledger are both still in place, and the position is written after everything else.
  KEYS[1]  position hash of the topic partition: token, position
  KEYS[2]  stream of changed cells
  ARGV[1]  token      ARGV[2]  position expected      ARGV[3]  position afterwards
  ARGV[4]  prefix of the namespace's keys
  ARGV[5]  increments      ARGV[6]  ledger entries      ARGV[7]  additions to the index of days (shared/carry-out)
  ARGV[8]  changed cells, one text; '' for none     ARGV[9]  entries that the stream keeps: who finds it full compares everything
  Returns  'APPLIED' · 'ALREADY' (an earlier try of the same owner did it) · 'MOVED' (another position)
           'FENCED' (another owner) · 'LOST' (token or position gone) · {'FAILED', error, hash and field} (undone)
]]
-- with standing, carry-out
local refused = standing(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
if refused then return refused end
local done = {}
local changed = ARGV[8] ~= '' and { 'XADD', KEYS[2], 'MAXLEN', '~', ARGV[9], '*', 'cells', ARGV[8] } or nil
return carryOut(ARGV[5], ARGV[6], ARGV[7], ARGV[4], done, changed) or write(done, 'HSET', KEYS[1], 'position', ARGV[3]) or 'APPLIED'
