"""The scripts that change a job in Redis, each in one step: nobody ever sees, or acts on, half a change.

JSON is made by Python and only copied here, as Lua's encoder cuts numbers to 14 digits."""

from typing import Final

from jobs.changes import CHANGED

_FINAL = CHANGED + "local final = {SUCCESS = true, FAILURE = true, REVOKED = true}\n"

# Stores a state of a job. A final state is never overwritten, and neither is what a newer claim has written.
# KEYS: Celery's result, the record, the live mark. ARGV: the result, its state, the fence of the claim that
# writes ("" when it is not a run of the job), seconds to live (0: for ever), time, stage ("" for none),
# worker ("" for none), then fields of the record.
# Returns "" when it was stored, else why not. A cancelled job keeps its live mark until its run lets go, one
# that fails with one of its batches until the others do.
STORE: Final = (
    _FINAL
    + """
local state, fence, phase = unpack(redis.call('HMGET', KEYS[2], 'state', 'fence', 'phase'))
local is_job = state and true or false
if is_job then
  if final[state] then return state end
  if ARGV[3] ~= '' then
    if tonumber(fence or 0) > tonumber(ARGV[3]) then return 'NEWER_ATTEMPT' end
  elseif ARGV[7] ~= '' and (ARGV[2] == 'RETRY' or ARGV[2] == 'FAILURE') then
    -- A worker that has lost its process, perhaps long after it was thought dead itself.
    local runner = redis.call('GET', KEYS[3])
    if runner and runner ~= ARGV[7] then return 'NEWER_ATTEMPT' end
  end
else
  local current = redis.call('GET', KEYS[1])
  if current then
    local readable, meta = pcall(cjson.decode, current)
    if readable and final[meta['status']] then return meta['status'] end
  end
  if ARGV[3] ~= '' or (ARGV[2] == 'REVOKED' and not current) then return 'DELETED' end
end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
end
if is_job then
  redis.call('HSET', KEYS[2], 'state', ARGV[2], 'updated_at', ARGV[5], unpack(ARGV, 8))
  redis.call('HINCRBY', KEYS[2], 'seq', 1)
  if ARGV[6] ~= '' then redis.call('HSETNX', KEYS[2], 'stage:' .. ARGV[6], ARGV[5]) end
  if final[ARGV[2]] then redis.call('HSET', KEYS[2], 'finished_at', ARGV[5]) end
  local stopping = ARGV[2] == 'REVOKED' or (ARGV[2] == 'FAILURE' and phase == 'batches')
  if not stopping and (final[ARGV[2]] or ARGV[2] == 'RETRY') then redis.call('DEL', KEYS[3]) end
end
publish(KEYS[1], ARGV[1], KEYS[2])
return ''
"""
)

# Begins a run of a job. KEYS: result, record, live mark; for a batch also its parent's record, live mark and
# set of batches that run. ARGV: the STARTED result, seconds to live, time, worker, seconds that the live mark
# lasts, most attempts, step ("whole", "batch" or "finish"), number of the batch, token: a claim whose answer
# was lost is asked for again with the same token, and answered as before.
# Returns the claim's fence and the attempt's number, or one of these and 0.
HAS_ENDED: Final = 0  # or was deleted, or this message is of a step that is over
RUNS_ELSEWHERE: Final = -1
NO_ATTEMPT_LEFT: Final = -2
IS_SPREAD: Final = -3  # the job's own run has handed it over to batches
CLAIM: Final = (
    _FINAL
    + """
local state, attempt, started_at, phase, left, killers, given_back, claim, fence = unpack(
  redis.call('HMGET', KEYS[2], 'state', 'attempt', 'started_at', 'phase', 'left', 'killers', 'given_back',
    'claim', 'fence'))
if not state or final[state] then return {0, 0} end
if claim == ARGV[9] then return {tonumber(fence), tonumber(attempt)} end
local step, taken_over = ARGV[7], false
if step == 'batch' then
  local parent_state, parent_phase = unpack(redis.call('HMGET', KEYS[4], 'state', 'phase'))
  if not parent_state or final[parent_state] or parent_phase ~= 'batches' then
    if parent_phase == 'batches' and redis.call('EXISTS', KEYS[3]) == 0 then  -- its process was killed
      redis.call('SREM', KEYS[6], ARGV[8])
      if redis.call('SCARD', KEYS[6]) == 0 then redis.call('DEL', KEYS[5]) end
    end
    return {0, 0}
  end
elseif step == 'finish' then
  if phase ~= 'batches' and phase ~= 'finish' then return {0, 0} end
  if phase == 'batches' and tonumber(left) > 0 then return {0, 0} end
  taken_over = phase == 'batches'
elseif phase and phase ~= '' then
  return {-3, 0}
end
local runs = state == 'STARTED' or state == 'PROGRESS'
if runs and not taken_over and redis.call('EXISTS', KEYS[3]) == 1 then return {-1, 0} end
if not taken_over then
  -- What a worker gave back when it was stopped has killed nobody; and an item that was found to kill its
  -- worker is left out from now on, so that its deaths do not count: one in company, two alone.
  local deaths = tonumber(attempt) - tonumber(given_back or 0) - 3 * tonumber(killers or 0)
  if deaths >= tonumber(ARGV[6]) then return {-2, 0} end
  attempt = redis.call('HINCRBY', KEYS[2], 'attempt', 1)
end
redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
redis.call('HSET', KEYS[2], 'updated_at', ARGV[3], 'worker', ARGV[4], 'claim', ARGV[9])
redis.call('HDEL', KEYS[2], 'retry_at')
if not started_at then redis.call('HSET', KEYS[2], 'started_at', ARGV[3]) end
redis.call('HINCRBY', KEYS[2], 'seq', 1)
if step == 'finish' then redis.call('HSET', KEYS[2], 'phase', 'finish') end
if step ~= 'finish' or state == 'RETRY' then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  redis.call('HSET', KEYS[2], 'state', 'STARTED')
  publish(KEYS[1], ARGV[1], KEYS[2])
end
-- What the batches have reported stays to be seen.
if step ~= 'finish' then redis.call('HDEL', KEYS[2], 'progress') end
if step == 'batch' then
  redis.call('SET', KEYS[5], ARGV[4], 'EX', ARGV[5])
  redis.call('SADD', KEYS[6], ARGV[8])
end
return {redis.call('HINCRBY', KEYS[2], 'fence', 1), tonumber(attempt)}
"""
)

# Notes what a run has in hand. KEYS: the record; for a batch also its parent's record. ARGV: fence, a list as
# JSON.
# Returns "" or why the run must stop.
HOLD: Final = (
    _FINAL
    + """
for _, key in ipairs(KEYS) do
  local state = redis.call('HGET', key, 'state')
  if not state then return 'DELETED' end
  if final[state] then return state end
end
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 'NEWER_ATTEMPT' end
redis.call('HSET', KEYS[1], 'hand', ARGV[2])
return ''
"""
)

# Ends a run that was stopped from outside. KEYS: the record, the live mark; for a batch also its parent's
# live mark and set of batches that run. ARGV: fence, number of the batch.
# Returns 1 if the run was the one that the mark stood for.
LEAVE: Final = """
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence and fence ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if fence then redis.call('HDEL', KEYS[1], 'hand') end
if #KEYS > 2 then
  redis.call('SREM', KEYS[4], ARGV[2])
  if redis.call('SCARD', KEYS[4]) == 0 then redis.call('DEL', KEYS[3]) end
end
return 1
"""

# Withdraws a live mark if it is this worker's, who was asked to stop: what it had in hand has killed nobody.
# KEYS: the mark, the record. ARGV: the worker. Returns 1 if it was.
WITHDRAW: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('HDEL', KEYS[2], 'hand')
  redis.call('HINCRBY', KEYS[2], 'given_back', 1)
end
return redis.call('DEL', KEYS[1])
"""

# Hands a job over to its batches. KEYS: the record, the tally. ARGV: fence, number of batches, things to do,
# then names and numbers of what is counted already.
# Returns "" or why not.
SPREAD: Final = (
    _FINAL
    + """
local state, fence, progress, phase = unpack(redis.call('HMGET', KEYS[1], 'state', 'fence', 'progress',
  'phase'))
if not state then return 'DELETED' end
if final[state] then return state end
if fence ~= ARGV[1] then return 'NEWER_ATTEMPT' end
if phase == 'batches' then return '' end  -- asked again, because the answer was lost
redis.call('DEL', KEYS[2])
-- Whatever share the planning has claimed for itself: percent never falls.
if progress then redis.call('HSET', KEYS[2], 'floor', cjson.decode(progress)['percent']) end
redis.call('HSET', KEYS[2], 'total', ARGV[3], 'begun_at', redis.call('TIME')[1])
local names = {}
for i = 4, #ARGV, 2 do
  table.insert(names, ARGV[i])
  redis.call('HSET', KEYS[2], 'sum:' .. ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[2], 'names', table.concat(names, ','))
redis.call('HSET', KEYS[1], 'phase', 'batches', 'batches', ARGV[2], 'left', ARGV[2], 'next', 0)
return ''
"""
)

# Makes the records of the next batches, as many as may wait or run at once. KEYS: the parent's record. ARGV:
# how many, time.
# Returns the numbers of those that are to be queued.
NEXT_BATCHES: Final = (
    _FINAL
    + """
local state, phase, batches, next, left, owner, kind, params, session, queue = unpack(redis.call('HMGET',
  KEYS[1], 'state', 'phase', 'batches', 'next', 'left', 'owner', 'kind', 'params', 'session', 'queue'))
local numbers = {}
if not state or final[state] or phase ~= 'batches' then return numbers end
batches, next, left = tonumber(batches), tonumber(next), tonumber(left)
while next < batches and next - (batches - left) < tonumber(ARGV[1]) do
  redis.call('HSET', KEYS[1] .. '.' .. next, 'owner', owner, 'kind', kind, 'params', params, 'session',
    session, 'queue', queue, 'created_at', ARGV[2], 'updated_at', ARGV[2], 'published_at', ARGV[2],
    'attempt', 0, 'seq', 0, 'state', 'PENDING')
  table.insert(numbers, next)
  next = next + 1
end
redis.call('HSET', KEYS[1], 'next', next)
return numbers
"""
)

# Counts what a batch has done so far and, when it is time, publishes the progress of the whole. Of each
# number only what lies above the highest that this batch has reported is added: nothing is counted twice. The
# clock is that of Redis, as batches run on many machines.
# KEYS: the parent's result, record, live mark and tally; the batch's record. ARGV: number and fence of the
# batch, worker, seconds that a live mark lasts, seconds between publications, seconds that the result lives,
# the PROGRESS result and its `result` part with marks for the numbers, how a mark begins, percent at begin
# and at the end of the batches, then names and numbers.
# Returns "" or why the batch must stop, and the `result` part if it was published, else "".
TICK: Final = (
    _FINAL
    + """
local state, phase = unpack(redis.call('HMGET', KEYS[2], 'state', 'phase'))
if not state then return {'DELETED', ''} end
if final[state] then return {state, ''} end
if phase ~= 'batches' then return {'FINISHED', ''} end
if redis.call('HGET', KEYS[5], 'fence') ~= ARGV[2] then return {'NEWER_ATTEMPT', ''} end
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local names = redis.call('HGET', KEYS[4], 'names') or ''
for i = 12, #ARGV, 2 do
  if not string.find(',' .. names .. ',', ',' .. ARGV[i] .. ',', 1, true) then
    names = names .. ',' .. ARGV[i]
    redis.call('HSET', KEYS[4], 'names', names, 'sum:' .. ARGV[i], 0)
  end
  local mark, new = ARGV[1] .. ':' .. ARGV[i], tonumber(ARGV[i + 1])
  local seen = tonumber(redis.call('HGET', KEYS[4], mark) or 0)
  if new > seen then
    redis.call('HSET', KEYS[4], mark, new)
    redis.call('HINCRBY', KEYS[4], 'sum:' .. ARGV[i], new - seen)
  end
end
redis.call('SET', KEYS[3], ARGV[3], 'EX', ARGV[4])
redis.call('HSET', KEYS[5], 'updated_at', string.format('%.3f', now))
local tally = redis.call('HMGET', KEYS[4], 'sum:processed', 'total', 'at', 'published', 'gained', 'begun_at',
  'floor', 'taken')
local processed, total = tonumber(tally[1] or 0), tonumber(tally[2])
local at, published = tonumber(tally[3]), tonumber(tally[4] or 0)
local gained, taken = tonumber(tally[5] or 0), tonumber(tally[8] or 0)
if at and now - at < tonumber(ARGV[5]) then return {'', ''} end
local begin = math.max(tonumber(ARGV[10]), tonumber(tally[7] or 0))
local finish = math.max(tonumber(ARGV[11]), begin)
local percent = begin + (finish - begin) * (total > 0 and processed / total or 1)
if at and now > at then  -- percent gained over seconds taken: what was measured 15 s ago counts half
  local fade = math.pow(2, (at - now) / 15)
  gained, taken = gained * fade + math.max(0, percent - published), taken * fade + now - at
end
local remaining = 'null'
if gained > 0 and now - tonumber(tally[6]) >= 3 and percent - begin >= 3 then
  remaining = string.format('%d', math.ceil((100 - percent) * taken / gained))  -- the last run too
end
redis.call('HSET', KEYS[4], 'at', string.format('%.3f', now), 'published', string.format('%.4f', percent),
  'gained', string.format('%.6f', gained), 'taken', string.format('%.6f', taken))
local counts = {}
for name in string.gmatch(names, '[^,]+') do
  if name ~= 'processed' then
    table.insert(counts, string.format('"%s":%s', name, redis.call('HGET', KEYS[4], 'sum:' .. name)))
  end
end
local marks = {percent = string.format('%.2f', percent), processed = tostring(processed),
  total = tostring(total), eta = remaining, counts = '{' .. table.concat(counts, ',') .. '}'}
local function filled(text) return (string.gsub(text, '"' .. ARGV[9] .. '(%a+)"', marks)) end
local meta, shown = filled(ARGV[7]), filled(ARGV[8])
redis.call('SET', KEYS[1], meta, 'EX', ARGV[6])
redis.call('HSET', KEYS[2], 'state', 'PROGRESS', 'updated_at', string.format('%.3f', now), 'progress', shown)
redis.call('HINCRBY', KEYS[2], 'seq', 1)
publish(KEYS[1], meta, KEYS[2])
return {'', shown}
"""
)

# Notes that a batch has ended. KEYS: the parent's record, tally, set of batches that run, live mark. ARGV:
# number of the batch.
# Returns how many are left, or -1 when the parent has ended.
END_BATCH: Final = (
    _FINAL
    + """
redis.call('SREM', KEYS[3], ARGV[1])
local state, phase = unpack(redis.call('HMGET', KEYS[1], 'state', 'phase'))
if not state or final[state] then
  if phase == 'batches' and redis.call('SCARD', KEYS[3]) == 0 then redis.call('DEL', KEYS[4]) end
  return -1
end
local counted = redis.call('HSETNX', KEYS[2], ARGV[1] .. ':ended', 1) == 0
if not counted then redis.call('HINCRBY', KEYS[1], 'left', -1) end
return tonumber(redis.call('HGET', KEYS[1], 'left'))
"""
)
