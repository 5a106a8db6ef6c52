-- The log: every event that ever happened, in order. Format 1.

CREATE TABLE events (
  -- AUTOINCREMENT: a position never comes back, whatever becomes of the row that had it.
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 0),
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  data TEXT NOT NULL,
  meta TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  -- Also the index that answers every question about one stream.
  UNIQUE (stream, version)
) STRICT;

-- Nobody has a reason to change the past; whoever tries by mistake hears of it.
CREATE TRIGGER events_are_never_updated BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are never updated');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;

-- One row about the log itself.
CREATE TABLE log_meta (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  -- Random; a restored copy gets another, since its past may differ from what was seen here.
  epoch TEXT NOT NULL,
  -- The format this log is in, and the lowest formats a program must know to read and to write it.
  format INTEGER NOT NULL,
  min_reader INTEGER NOT NULL,
  min_writer INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- Counts the commits that held nothing but repeats; see append.ts.
  repeats INTEGER NOT NULL DEFAULT 0
) STRICT;
