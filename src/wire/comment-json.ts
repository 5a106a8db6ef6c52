/** A comment as programs see it. These names are permanent: a new need is a new field. */
import type { CommentRow } from '../../projections/comments/comments.ts';
import { isoTime } from './iso-time.ts';

/** The JSON of a comment. */
export function commentJson(comment: CommentRow) {
  const { position, taskId, author, body, runId, surface } = comment;
  const actor = { kind: comment.actorKind, id: comment.actorId };
  return { position, taskId, author, body, runId, actor, surface, at: isoTime(comment.atMs) };
}
