/** What may be done with a task, as the server says it, and where that puts its card. */
import type { Status } from '../../domain/readiness.ts';
import type { ColumnKey } from './columns.ts';

/** The deeds that move a card. */
export const moveNames = [
  'specify',
  'promote',
  'unblock',
  'approve',
  'reject',
  'reopen',
  'restore',
  'reclaim',
  'complete',
  'block',
  'archive',
] as const;
/** The name of a deed. */
export type MoveName = (typeof moveNames)[number];

/** A deed as the server judges it for one task. */
export interface Move {
  readonly name: MoveName;
  readonly isLegal: boolean;
  /** Why it is not legal; null when it is. */
  readonly why: string | null;
}

/** What a deed is called, where it leads, and what has to be said with it. */
export interface MoveLook {
  readonly label: string;
  readonly column: ColumnKey;
  readonly says?: { readonly what: 'reason' | 'summary'; readonly isNeeded: boolean };
  readonly isGrave?: true;
}

/** How the deeds look. */
export const moveLooks: Readonly<Record<MoveName, MoveLook>> = {
  specify: { label: 'Specified: into the queue', column: 'ready' },
  promote: { label: 'Start its turn now', column: 'ready' },
  unblock: { label: 'Unblock', column: 'ready' },
  approve: { label: 'Approve', column: 'done' },
  reject: { label: 'Send back', column: 'ready', says: { what: 'reason', isNeeded: true } },
  reopen: { label: 'Open again', column: 'ready' },
  restore: { label: 'Restore', column: 'ready' },
  reclaim: { label: 'Take from its worker', column: 'ready', isGrave: true },
  complete: { label: 'Done', column: 'done', says: { what: 'summary', isNeeded: false } },
  block: { label: 'Block', column: 'blocked', says: { what: 'reason', isNeeded: true } },
  archive: { label: 'Archive', column: 'archived', isGrave: true },
};

/** The deed that a card dropped on a column asks for; undefined when there is none. */
export function moveTo(moves: readonly Move[], column: ColumnKey): Move | undefined {
  const leading = moves.filter(({ name }) => moveLooks[name].column === column);
  return leading.find(({ isLegal }) => isLegal) ?? leading[0];
}

/** The deed that a status is usually waiting for: the button on its row of the attention strip. */
export const usualMove: Readonly<Partial<Record<Status, MoveName>>> = {
  triage: 'specify',
  review: 'approve',
  blocked: 'unblock',
  halted: 'unblock',
};
