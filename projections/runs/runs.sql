-- One row per run: the fold of its stream, and what the task's stream says about its lease.
-- What is inside a JSON column is read like this: process ->> 'pid', ending ->> 'summary'.
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY, -- position of RunOpened
  run_id TEXT NOT NULL UNIQUE,
  task_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  assignee TEXT,
  opened TEXT NOT NULL, -- JSON: the data of RunOpened
  opened_at_ms INTEGER NOT NULL,
  process TEXT, -- JSON: the data of WorkerSpawned
  spawned_at_ms INTEGER,
  started_at_ms INTEGER,
  beats TEXT NOT NULL, -- JSON: count, first, last and longest gap of the heartbeats
  note TEXT,
  progress REAL,
  progress_at_ms INTEGER NOT NULL,
  lease_ttl_ms INTEGER NOT NULL,
  lease_extended_at_ms INTEGER,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cost_usd REAL NOT NULL,
  outcome TEXT, -- NULL while the run is open
  ending TEXT, -- JSON: the data of the terminal event
  ended_at_ms INTEGER,
  ended_by TEXT, -- JSON: actor
  version INTEGER NOT NULL, -- of the run's last event: the fence
  position INTEGER NOT NULL -- of the same event
) STRICT;

-- The attempts at a task.
CREATE INDEX runs_by_task ON runs (task_id);

-- What runs now, by whom?
CREATE INDEX runs_open ON runs (assignee) WHERE outcome IS NULL;

-- What has an assignee finished lately, in the order of the ends?
CREATE INDEX runs_by_end ON runs (assignee, position, outcome) WHERE outcome IS NOT NULL;
