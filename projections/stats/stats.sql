-- How many tasks stand where, by assignee. A count that falls to nothing has no row.
CREATE TABLE stats (
  assignee TEXT NOT NULL, -- '' stands for none
  status TEXT NOT NULL, -- as in tasks: a scheduled task stays scheduled when its time has come
  tasks INTEGER NOT NULL CHECK (tasks > 0),
  PRIMARY KEY (assignee, status)
) STRICT, WITHOUT ROWID;
