-- One row per stale write that was refused, and one for those that were only counted.
CREATE TABLE refused (
  position INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  attempted TEXT, -- the command; NULL in the row that says where counting began
  code TEXT,
  by_kind TEXT,
  by_id TEXT,
  expected_version INTEGER,
  actual_version INTEGER,
  preview TEXT,
  counted_from INTEGER,
  at_ms INTEGER NOT NULL
) STRICT;

-- What was refused on a task, or to one of its runs.
CREATE INDEX refused_by_task ON refused (task_id);
CREATE INDEX refused_by_run ON refused (run_id);

-- What was refused lately?
CREATE INDEX refused_by_time ON refused (at_ms, task_id);
