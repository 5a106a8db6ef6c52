-- One row per run: the fold of its stream, and what the task's stream says about its lease.
-- The columns marked AS hold nothing themselves: they show a part of a JSON column.
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY, -- position of RunOpened
  run_id TEXT NOT NULL UNIQUE,
  task_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  assignee TEXT,
  opened TEXT NOT NULL, -- JSON: the data of RunOpened
  kind TEXT AS (opened ->> 'kind'),
  claimed_by TEXT AS (opened ->> 'claimedBy'),
  host TEXT AS (opened ->> 'host'),
  ttl_ms INTEGER AS (opened ->> 'ttlMs'),
  launch_lease_ms INTEGER AS (opened ->> 'launchLeaseMs'),
  token_hash TEXT AS (opened ->> 'tokenHash'),
  opened_at_ms INTEGER NOT NULL,
  process TEXT, -- JSON: the data of WorkerSpawned
  pid INTEGER AS (process ->> 'pid'),
  start_time TEXT AS (process ->> 'startTime'),
  boot_id TEXT AS (process ->> 'bootId'),
  nonce TEXT AS (process ->> 'nonce'),
  workspace TEXT AS (process ->> 'workspace'),
  log_path TEXT AS (process ->> 'logPath'),
  argv TEXT AS (process -> 'argv'),
  spawned_at_ms INTEGER,
  started_at_ms INTEGER,
  beats TEXT NOT NULL, -- JSON: count, first, last and longest gap of the heartbeats
  last_beat_at_ms INTEGER AS (beats ->> 'lastAt'),
  note TEXT,
  progress REAL,
  progress_at_ms INTEGER NOT NULL,
  lease_ttl_ms INTEGER NOT NULL,
  lease_extended_at_ms INTEGER,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cost_usd REAL NOT NULL,
  outcome TEXT, -- NULL while the run is open
  ending TEXT, -- JSON: the data of the terminal event, but for the beats
  summary TEXT AS (ending ->> 'summary'),
  result TEXT AS (ending ->> 'result'),
  metadata TEXT AS (ending -> 'metadata'),
  artifacts TEXT AS (ending -> 'artifacts'),
  reason TEXT AS (ending ->> 'reason'),
  error TEXT AS (ending ->> 'error'),
  exit_code INTEGER AS (ending ->> 'exitCode'),
  signal TEXT AS (ending ->> 'signal'),
  evidence TEXT AS (ending -> 'evidence'),
  ended_at_ms INTEGER,
  ended_by TEXT, -- JSON: actor
  version INTEGER NOT NULL, -- of the run's last event: the fence
  position INTEGER NOT NULL -- of the same event
) STRICT;

-- The attempts at a task.
CREATE INDEX runs_by_task ON runs (task_id);

-- What runs now, by whom?
CREATE INDEX runs_open ON runs (assignee) WHERE outcome IS NULL;

-- What has an assignee done lately?
CREATE INDEX runs_by_assignee ON runs (assignee);
