-- One row per word on a task without its record, or the other way round: see `settle-task.ts`.
-- On most logs the two are one append, and no row outlives it.
CREATE TABLE unpaired (
  run_id TEXT PRIMARY KEY,
  task_id TEXT NOT NULL,
  has TEXT NOT NULL, -- what there is of the two: 'word' or 'record'
  position INTEGER NOT NULL -- of its event
) STRICT, WITHOUT ROWID;
