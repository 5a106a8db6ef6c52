-- One document per piece of text: a task's own (title, body, hand-off), a comment, a run's ending.
-- The rowid is the seq of the task or run, or the position of the comment: no two are the same.
-- Capitals and accents do not matter.
CREATE VIRTUAL TABLE search USING fts5 (
  title,
  body,
  comment,
  summary,
  task_id UNINDEXED,
  tokenize = 'unicode61 remove_diacritics 2'
);
