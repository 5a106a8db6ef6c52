-- One row per comment.
CREATE TABLE comments (
  position INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  run_id TEXT, -- the run that wrote it, when a worker did
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  surface TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- The conversation of a task.
CREATE INDEX comments_by_task ON comments (task_id);
