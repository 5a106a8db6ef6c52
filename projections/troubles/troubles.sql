-- One row per task that somebody may have to look at: what the rules of `logboard diagnostics` ask
-- for, and no other row tells. A task with which all is well has none.
CREATE TABLE troubles (
  task_id TEXT PRIMARY KEY,
  stopped_at_ms INTEGER, -- since when it is in triage, blocked or halted; NULL unless it is
  crashes INTEGER NOT NULL, -- attempts in a row that crashed
  released_at_ms TEXT NOT NULL, -- JSON array: when blocks and halts were lifted; the last few
  cycling_at_ms INTEGER, -- the third last of them
  phantoms TEXT NOT NULL, -- JSON array: tasks its hand-off named that did not exist
  is_shelved INTEGER NOT NULL -- archived or removed: nobody minds
) STRICT, WITHOUT ROWID;

-- What has been stopped for long?
CREATE INDEX troubles_stopped ON troubles (stopped_at_ms) WHERE stopped_at_ms IS NOT NULL;

-- What keeps crashing, goes in circles, hands on names of nothing?
CREATE INDEX troubles_crashing ON troubles (crashes) WHERE crashes > 0 AND is_shelved = 0;
CREATE INDEX troubles_cycling ON troubles (cycling_at_ms)
  WHERE cycling_at_ms IS NOT NULL AND is_shelved = 0;
CREATE INDEX troubles_phantoms ON troubles (task_id) WHERE phantoms <> '[]' AND is_shelved = 0;
