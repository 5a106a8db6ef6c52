-- This log is a replica: what a cluster holds of a board, in its order, fetched by every host for
-- itself. Format 4: programs that only know format 3 would append to it, so they may only read it.
-- Applied when a replica is made.

CREATE TABLE replica (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  -- The board's name on its cluster.
  board TEXT NOT NULL,
  -- How far the cluster's own log was looked through, as decimal numbers: they may be larger than
  -- what an INTEGER holds safely on its way through a program. NULL before the first look.
  commit_position TEXT,
  prepare_position TEXT
) STRICT;

UPDATE log_meta SET format = max(format, 4), min_writer = max(min_writer, 4);
