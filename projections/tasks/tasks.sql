-- One row per task: the fold of its own stream, and what the streams around it say about it.
-- The clock is not in the fold: a task whose not_before_ms has passed still says 'scheduled' here.
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY, -- position of TaskCreated: the order of age
  task_id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  standing TEXT NOT NULL, -- JSON: the status as the task's own stream knows it, with its facts
  block_cause TEXT,
  block_reason TEXT,
  current_run_id TEXT, -- the open run, while the task is running
  assignee TEXT,
  priority INTEGER NOT NULL,
  tenant TEXT,
  parents TEXT NOT NULL, -- JSON array of task ids
  waived_parents TEXT NOT NULL, -- JSON array of task ids
  open_parents INTEGER NOT NULL, -- parents neither satisfied nor waived
  children_total INTEGER NOT NULL,
  children_done INTEGER NOT NULL,
  comment_count INTEGER NOT NULL,
  workspace TEXT NOT NULL, -- JSON
  branch TEXT,
  skills TEXT NOT NULL, -- JSON array
  model TEXT,
  max_runtime_ms INTEGER,
  max_retries INTEGER,
  idempotency_key TEXT,
  workflow_template_id TEXT,
  step_key TEXT,
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  interruptions TEXT NOT NULL, -- JSON: recoveries, releases, holds since the last success
  last_error TEXT,
  not_before_ms INTEGER,
  hold TEXT,
  became_ready_at_ms INTEGER, -- while ready; while scheduled, the time it will be
  created_by TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  first_claimed_at_ms INTEGER,
  updated_at_ms INTEGER NOT NULL,
  done_at_ms INTEGER,
  version INTEGER NOT NULL, -- of the last event of the task's stream
  position INTEGER NOT NULL, -- of the same event
  hand_off TEXT, -- JSON: what the last completed attempt hands on
  body TEXT -- last, so that reading the columns before it never walks through a long text
) STRICT;

-- Which tasks have this status; which ready one is next? Age breaks ties: seq ends every index.
CREATE INDEX tasks_by_status_priority ON tasks (status, priority DESC);

-- The same for one assignee.
CREATE INDEX tasks_by_assignee_status_priority ON tasks (assignee, status, priority DESC);

-- Which scheduled tasks are due, and how do they rank? Holds all that the question needs.
CREATE INDEX tasks_by_due_time ON tasks (not_before_ms, priority DESC, assignee, became_ready_at_ms)
  WHERE status = 'scheduled';

-- How long has the oldest ready task been waiting?
CREATE INDEX tasks_by_ready_time ON tasks (became_ready_at_ms) WHERE status = 'ready';

-- What keeps failing?
CREATE INDEX tasks_failing ON tasks (failures)
  WHERE failures > 0 AND status NOT IN ('done', 'archived', 'tombstoned');

-- Which tasks ask for skills?
CREATE INDEX tasks_asking ON tasks (assignee)
  WHERE skills <> '[]' AND status NOT IN ('done', 'archived', 'tombstoned');

-- What was given up though others wait for it?
CREATE INDEX tasks_given_up ON tasks (task_id)
  WHERE status IN ('archived', 'tombstoned') AND done_at_ms IS NULL
    AND children_done < children_total;
