/** What a person may do with a task as it stands: each deed decided, and nothing written. */

import type { TaskCommand } from './commands.ts';
import { decideTask } from './decide.ts';
import type { Task } from './state.ts';

/** The deeds that move a task. */
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

/** A deed, and whether it would be accepted now. */
export interface PossibleMove {
  readonly name: MoveName;
  readonly isLegal: boolean;
  /** Why it is not legal, as a sentence; null when it is. */
  readonly why: string | null;
}

/** Every deed, judged for a task whose open parents are these. */
export function possibleMoves(task: Task, openParents: readonly string[]): readonly PossibleMove[] {
  return moveNames.map((name) => {
    if (name === 'reclaim') return reclaim(task);
    const decision = decideTask(task, commands(openParents)[name]);
    if (decision.refused) return { name, isLegal: false, why: decision.message };
    if (decision.events.length === 0) {
      return { name, isLegal: false, why: 'The task stands there already.' };
    }
    return { name, isLegal: true, why: null };
  });
}

/** Taking a task from its worker ends the run; the task itself decides nothing. */
function reclaim({ standing }: Task): PossibleMove {
  const isLegal = standing.status === 'running';
  return { name: 'reclaim', isLegal, why: isLegal ? null : 'No run holds the task.' };
}

/** Deeds with as few words as possible; what is said with them decides nothing. */
function commands(
  openParents: readonly string[],
): Readonly<Record<Exclude<MoveName, 'reclaim'>, TaskCommand>> {
  const reason = '-';
  return {
    specify: { type: 'SpecifyTask', changes: {} },
    // The page asks once more before it passes parents that are not done.
    promote: { type: 'PromoteTask', forced: true, openParents },
    unblock: { type: 'UnblockTask' },
    approve: { type: 'ApproveReview' },
    reject: { type: 'RejectReview', reason },
    reopen: { type: 'ReopenTask' },
    restore: { type: 'RestoreTask' },
    complete: { type: 'CompleteTask', handOff: {}, openParents },
    block: { type: 'BlockTask', cause: 'operator', reason },
    archive: { type: 'ArchiveTask' },
  };
}
