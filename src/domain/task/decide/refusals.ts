/** Refusals that several task decisions share. */
import type { Json } from '../../limits.ts';
import { type Refusal, refuse } from '../../refusal.ts';
import type { Standing, Task } from '../state.ts';

const exits: Record<Standing['status'], string> = {
  triage: 'Specify it with `logboard promote` first.',
  queued: 'See with `logboard show` whether it is ready, scheduled or waiting for others.',
  running: 'End its run with `logboard reclaim` first, or wait for it.',
  review: 'Decide with `logboard review --approve` or `--reject`.',
  done: 'Reopen it with `logboard reopen` first.',
  blocked: 'Lift the block with `logboard unblock` first.',
  halted: 'The breaker stopped it; `logboard unblock` resumes it.',
  archived: 'Bring it back with `logboard archive --restore` first.',
  tombstoned: 'It is gone for good; create a new task.',
};

/** "Cannot X: the task is Y", with the way out of Y. */
export function wrongStatus(task: Task, attempted: string): Refusal {
  const { status } = task.standing;
  // Whether it is waiting, scheduled or ready depends on other tasks and on the clock.
  const found = status === 'queued' ? 'waits for its turn' : `is ${status}`;
  return refuse('wrong_status', `Cannot ${attempted}: the task ${found}.`, {
    hint: exits[status],
    facts: { status, ...claimFacts(task) },
  });
}

/** "Cannot X: N parents are not done." */
export function parentsOpen(openParents: readonly string[], attempted: string): Refusal {
  const count = openParents.length === 1 ? 'a parent is' : `${openParents.length} parents are`;
  const message = `Cannot ${attempted}: ${count} not done (${openParents.slice(0, 5).join(', ')}).`;
  return refuse('parents_open', message, {
    hint: 'Wait for them, unlink them, or skip them with `logboard promote --force`.',
    facts: { openParents: [...openParents] },
  });
}

/** Whether the task is not, or no longer, of the one it was taken to be of. */
export function isOfAnother({ assignee }: Task, expected: string | null | undefined): boolean {
  return expected !== undefined && expected !== assignee;
}

/** "Cannot X: the task is assigned to A, not to B": somebody gave it away in the meantime. */
export function ofAnother(
  { assignee }: Task,
  expected: string | null | undefined,
  attempted: string,
): Refusal {
  const [whose, wanted] = [assignee ?? 'nobody', expected ?? 'nobody'];
  const message = `Cannot ${attempted}: the task is assigned to ${whose}, not to ${wanted}.`;
  return refuse('not_ready', message, {
    hint: 'Look at the queue again.',
    facts: { assignee, expected: expected ?? null },
  });
}

/** The run that holds the task, when one does. */
export function claimFacts(task: Task): Readonly<Record<string, Json>> {
  if (task.standing.status !== 'running') return {};
  const { runId, claimedBy, attempt } = task.standing.claim;
  return { runId, claimedBy, attempt };
}
