/** Reads `comments`. */
import type Database from 'better-sqlite3';
import { prepareRows } from '../table.ts';
import { type CommentRow, commentTable } from './comments.ts';

/** Questions about comments. */
export interface CommentQueries {
  /** The comments on a task, oldest first. */
  comments(taskId: string): readonly CommentRow[];
  /** The comment whose event stands at a position. */
  commentAt(position: number): CommentRow | undefined;
  /** When the last one was written, UTC ms; undefined when there is none. */
  lastCommentAtMs(taskId: string): number | undefined;
}

/** Prepares the questions about comments. */
export function prepareCommentQueries(db: Database.Database): CommentQueries {
  const ofTask = prepareRows(db, commentTable, 'WHERE task_id = ? ORDER BY position');
  const at = prepareRows(db, commentTable, 'WHERE position = ?');
  const last = db
    .prepare<[string], number>(
      'SELECT at_ms FROM comments WHERE task_id = ? ORDER BY position DESC',
    )
    .pluck();
  return {
    comments: (taskId) => ofTask.all(taskId),
    commentAt: (position) => at.one(position),
    lastCommentAtMs: (taskId) => last.get(taskId),
  };
}
