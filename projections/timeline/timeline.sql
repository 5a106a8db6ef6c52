-- One row per notable event, and one per fact that follows from it for a task: became ready, began
-- to wait. Beats and usage have no rows.
CREATE TABLE timeline (
  position INTEGER NOT NULL,
  ordinal INTEGER NOT NULL, -- 0: the event itself; 1, 2 …: what followed from it
  at_ms INTEGER NOT NULL,
  task_id TEXT,
  run_id TEXT,
  type TEXT NOT NULL,
  importance INTEGER NOT NULL, -- 1 chatter, 2 normal, 3 look here
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  surface TEXT NOT NULL,
  data TEXT NOT NULL, -- JSON: the event's data, long texts cut
  correlation_id TEXT NOT NULL,
  causation_id TEXT NOT NULL,
  PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;

-- The story of one task.
CREATE INDEX timeline_by_task ON timeline (task_id);

-- What deserved attention?
CREATE INDEX timeline_important ON timeline (position) WHERE importance = 3;
