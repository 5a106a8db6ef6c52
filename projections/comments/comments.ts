/** Folds events into `comments`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Actor, Surface } from '../../src/domain/event.ts';
import { type NoteEvent, noteEvents } from '../../src/domain/note/events.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { prepareSave, tableOf } from '../table.ts';

/** A comment on a task. */
export interface CommentRow {
  readonly position: number;
  readonly taskId: string;
  /** Who is named as its author. */
  readonly author: string;
  readonly body: string;
  /** The run that wrote it, when a worker did. */
  readonly runId: string | null;
  /** Who sent it, and through which door. */
  readonly actorKind: Actor['kind'];
  readonly actorId: string;
  readonly surface: Surface;
  /** Wall clock, UTC ms. */
  readonly atMs: number;
}

/** The table `comments`. */
export const comments: Projection<NoteEvent> = {
  table: 'comments',
  key: 'position',
  version: 1,
  shape: readFileSync(new URL('./comments.sql', import.meta.url), 'utf8'),
  folds: typesOf(noteEvents),
  open: openComments,
};

/** Every field of a comment and its column. */
export const commentTable = tableOf<CommentRow>('comments', {
  position: 'plain',
  taskId: 'plain',
  author: 'plain',
  body: 'plain',
  runId: 'plain',
  actorKind: 'plain',
  actorId: 'plain',
  surface: 'plain',
  atMs: 'plain',
});

function openComments(db: Database.Database): Folding<NoteEvent> {
  const save = prepareSave(db, commentTable);
  return {
    fold({ event }) {
      save(commentOf(event));
    },
  };
}

function commentOf(event: Recorded<NoteEvent>): CommentRow {
  const { data, meta } = event;
  return {
    position: event.position,
    taskId: streamId(event.stream),
    author: data.author,
    body: data.body,
    runId: data.runId ?? null,
    actorKind: meta.actor.kind,
    actorId: meta.actor.id,
    surface: meta.surface,
    atMs: meta.at,
  };
}
