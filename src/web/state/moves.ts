/** What may be done with a task, as the server says it, and where that puts its card. */
import type { Status } from '../../domain/readiness.ts';
import type { MoveName, PossibleMove } from '../../domain/task/moves.ts';
import type { ColumnKey } from './columns.ts';

/** What a deed is called, where it leads, and what has to be said with it. */
export interface MoveLook {
  readonly label: string;
  readonly column: ColumnKey;
  readonly says?: { readonly what: 'reason' | 'summary'; readonly isNeeded: boolean };
  readonly isGrave?: true;
}

/** How the deeds look. */
export const moveLooks: Readonly<Record<MoveName, MoveLook>> = {
  specify: { label: 'To the queue', column: 'ready' },
  promote: { label: 'Start now', column: 'ready' },
  unblock: { label: 'Unblock', column: 'ready' },
  approve: { label: 'Approve', column: 'done' },
  reject: { label: 'Send back', column: 'ready', says: { what: 'reason', isNeeded: true } },
  reopen: { label: 'Reopen', column: 'ready' },
  restore: { label: 'Restore', column: 'ready' },
  reclaim: { label: 'Reclaim', column: 'ready', isGrave: true },
  complete: { label: 'Done', column: 'done', says: { what: 'summary', isNeeded: false } },
  block: { label: 'Block', column: 'blocked', says: { what: 'reason', isNeeded: true } },
  archive: { label: 'Archive', column: 'archived', isGrave: true },
};

/** The deeds whose refusal says most about a column. */
const plainMoves: ReadonlySet<MoveName> = new Set(['complete', 'promote']);

/** The deed that a card dropped on a column asks for; undefined when there is none. */
export function moveTo(
  moves: readonly PossibleMove[],
  column: ColumnKey,
): PossibleMove | undefined {
  const leading = moves.filter(({ name }) => moveLooks[name].column === column);
  const plain = leading.find(({ name }) => plainMoves.has(name));
  return leading.find(({ isLegal }) => isLegal) ?? plain ?? leading[0];
}

/** The deed that a status is usually waiting for: the button on its row of the attention strip. */
export const usualMove: Readonly<Partial<Record<Status, MoveName>>> = {
  triage: 'specify',
  review: 'approve',
  blocked: 'unblock',
  halted: 'unblock',
};
