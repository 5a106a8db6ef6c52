-- Beats of ended runs may be taken out. Format 2: programs that only know format 1 would take the
-- gaps for damage, so they are refused. Applied when a log is thinned for the first time.

-- The range that is being thinned; there is a row only inside the transaction that does it.
CREATE TABLE thinning (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  after INTEGER NOT NULL,
  up_to INTEGER NOT NULL
) STRICT;

DROP TRIGGER events_are_never_deleted;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
WHEN old.type <> 'HeartbeatRecorded'
  OR NOT EXISTS (SELECT 1 FROM thinning WHERE old.position > after AND old.position <= up_to)
BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;

UPDATE log_meta SET format = max(format, 2), min_reader = max(min_reader, 2),
  min_writer = max(min_writer, 2);
