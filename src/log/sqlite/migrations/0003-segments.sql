-- Rows of closed streams may leave for segment files. Format 3: programs that only know format 2
-- would take the gaps for damage, so they are refused. Applied when a log is archived for the first
-- time.

-- The ranges of positions of which a segment file holds everything. Each begins behind the one
-- before, the first at 1. What a file must be is attested by an event LogSegmented.
CREATE TABLE segments (
  from_position INTEGER PRIMARY KEY,
  up_to INTEGER NOT NULL CHECK (up_to >= from_position)
) STRICT;

-- The range that is being archived; there is a row only inside the transaction that does it.
CREATE TABLE archiving (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  from_position INTEGER NOT NULL,
  up_to INTEGER NOT NULL
) STRICT;

DROP TRIGGER events_are_never_deleted;

-- Of a stream, its first rows leave first. The last one that has a copy stays: what follows it is
-- appended and verified without a look at any other file.
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
WHEN NOT (
  old.type = 'HeartbeatRecorded'
  AND EXISTS (SELECT 1 FROM thinning WHERE old.position > after AND old.position <= up_to)
) AND NOT (
  old.stream <> 'board'
  AND EXISTS (
    SELECT 1 FROM archiving JOIN segments USING (from_position, up_to)
    WHERE old.position BETWEEN from_position AND up_to)
  AND NOT EXISTS (
    SELECT 1 FROM events WHERE stream = old.stream AND version < old.version)
  AND ifnull(
    (SELECT position FROM events WHERE stream = old.stream AND version > old.version
      ORDER BY version LIMIT 1) <= (SELECT max(up_to) FROM segments), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;

UPDATE log_meta SET format = max(format, 3), min_reader = max(min_reader, 3),
  min_writer = max(min_writer, 3);
