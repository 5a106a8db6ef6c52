-- One row per dispatcher that ever started.
CREATE TABLE dispatchers (
  dispatcher_id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  start_time TEXT, -- of its process, in clock ticks since boot; NULL where it did not say
  program_version TEXT NOT NULL,
  assignees TEXT NOT NULL, -- JSON array: whom it starts workers for
  workers TEXT NOT NULL, -- JSON: of those, how many at once and what its host lacks, where known
  policy TEXT NOT NULL, -- JSON: what it acts by
  policy_position INTEGER NOT NULL, -- of the event that said so last
  started_at_ms INTEGER NOT NULL,
  stopped_at_ms INTEGER, -- NULL while it runs, and when it died without a word
  stop_reason TEXT,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who has not said goodbye?
CREATE INDEX dispatchers_serving ON dispatchers (position) WHERE stopped_at_ms IS NULL;
