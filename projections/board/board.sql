-- The one row about the board as a whole.
CREATE TABLE board (
  only INT PRIMARY KEY DEFAULT 1 CHECK (only = 1), -- INTEGER would be the rowid and count up
  name TEXT NOT NULL,
  epoch TEXT NOT NULL, -- as BoardCreated recorded it
  created_at_ms INTEGER NOT NULL,
  is_paused INTEGER NOT NULL,
  policy TEXT, -- JSON: as an operator last recorded it
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  resumed_position INTEGER NOT NULL -- of the last BoardResumed; 0 = never
) STRICT;
