-- The one row that says how far the tables have come. It changes in the transaction that changes
-- them, and only while it still says what the writer believes.
CREATE TABLE checkpoint (
  only INT PRIMARY KEY DEFAULT 1 CHECK (only = 1), -- INTEGER would be the rowid and count up
  position INTEGER NOT NULL, -- of the last event folded; 0 before the first
  epoch TEXT NOT NULL, -- of the log it came from
  hash TEXT NOT NULL, -- of that event, as the log gives it; '' before the first
  is_retired INTEGER NOT NULL DEFAULT 0 -- a rebuilt file has taken this one's place
) STRICT;
