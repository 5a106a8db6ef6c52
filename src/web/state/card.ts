/** What a card says about its task, apart from the time it has left. */
import type { Status } from '../../domain/readiness.ts';
import type { RunRecord } from '../../domain/run/record.ts';
import type { Shown } from './columns.ts';
import { clockTime, counted } from './words.ts';

/** Why a task stands where it stands, in one line. */
export interface Reason {
  readonly tone: 'plain' | 'warning' | 'bad';
  readonly text: string;
}

/** The reason on the card; undefined where the column says enough. */
export function reasonOf({ record, status }: Shown, nowMs: number): Reason | undefined {
  const { task } = record;
  const { standing } = task;
  if (standing.status === 'blocked') return { tone: 'warning', text: standing.reason };
  if (standing.status === 'halted') {
    const what = `halted after ${counted(standing.limit, budgetWords[standing.budget])}`;
    return { tone: 'bad', text: task.lastError === null ? what : `${what}: ${task.lastError}` };
  }
  if (status === 'waiting') {
    return { tone: 'plain', text: `waits for ${counted(record.openParents, 'task')}` };
  }
  if (status === 'scheduled' && task.notBeforeMs !== null) {
    const until = clockTime(task.notBeforeMs, nowMs);
    return { tone: 'plain', text: `${holdWords[task.hold ?? 'schedule']} until ${until}` };
  }
  if (status === 'ready' && task.failures > 0 && task.lastError !== null) {
    return { tone: 'warning', text: `failed before: ${task.lastError}` };
  }
  return undefined;
}

const budgetWords = {
  failures: 'failure',
  recoveries: 'lost run',
  releases: 'release',
  holds: 'hold',
} as const;

const holdWords = {
  schedule: 'held',
  backoff: 'backs off',
  rate_limit: 'rate limit,',
  outage: 'outage, held',
} as const;

/** What a screen reader says of a card. */
export function labelOf({ record, status }: Shown, run: RunRecord | undefined): string {
  const { task, taskId } = record;
  const parts = [
    `${taskId}: ${task.title}`,
    statusWords[status],
    task.assignee === null ? 'assigned to nobody' : `assigned to ${task.assignee}`,
    task.priority === 0 ? '' : `priority ${task.priority}`,
    task.attempts > 0 ? `attempt ${task.attempts}` : '',
    run?.run.note ?? '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** What the statuses are called. */
export const statusWords: Readonly<Record<Status, string>> = {
  triage: 'in triage',
  waiting: 'waiting',
  scheduled: 'scheduled',
  ready: 'ready',
  running: 'running',
  review: 'in review',
  blocked: 'blocked',
  halted: 'halted',
  done: 'done',
  archived: 'archived',
  tombstoned: 'removed',
};
