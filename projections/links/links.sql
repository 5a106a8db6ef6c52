-- One row per dependency: the child waits for the parent.
CREATE TABLE links (
  parent_id TEXT NOT NULL,
  child_id TEXT NOT NULL,
  PRIMARY KEY (parent_id, child_id)
) STRICT, WITHOUT ROWID;

-- Which tasks does this one wait for?
CREATE INDEX links_by_child ON links (child_id);
