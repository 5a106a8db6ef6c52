/** What there is to say about a task besides its title: whose, where, and why it stands so. */
import type { RunRow } from '../../projections/runs/row.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { Outage } from '../domain/outage.ts';
import { counted } from '../wire/counted.ts';
import { leaseUntilMs } from '../wire/run-json.ts';
import { plainLine } from './sanitize.ts';
import { clockTime, relativeTime, shortDuration } from './time.ts';

/** What else tells why a task stands where it stands. */
interface Around {
  readonly lastRun: RunRow | undefined;
  readonly outage: Outage | undefined;
}

/** A line each; only what is so, since an empty field says nothing. */
export function taskFacts(task: TaskRow, around: Around, nowMs: number): readonly string[] {
  const { assignee, tenant, priority, branch, model, skills, workspace } = task;
  const place =
    workspace.path === undefined ? workspace.kind : `${workspace.kind} ${workspace.path}`;
  return [
    listed([
      assignee === null ? 'nobody is assigned' : `for ${assignee}`,
      tenant === null ? undefined : `tenant ${tenant}`,
      priority === 0 ? undefined : `priority ${priority}`,
      `created ${relativeTime(task.createdAtMs, nowMs)} by ${task.createdBy}`,
    ]),
    listed([
      place === 'scratch' ? undefined : place,
      branch === null ? undefined : `branch ${branch}`,
      model === null ? undefined : `model ${model}`,
      skills.length === 0 ? undefined : `skills ${skills.join(', ')}`,
      task.maxRuntimeMs === null ? undefined : `at most ${shortDuration(task.maxRuntimeMs)}`,
      task.maxRetries === null ? undefined : `halted after ${counted(task.maxRetries, 'failure')}`,
    ]),
    standing(task, around, nowMs),
    task.lastError === null ? '' : `last error: ${task.lastError}`,
  ]
    .filter((line) => line !== '')
    .map(plainLine);
}

function standing(task: TaskRow, { lastRun, outage }: Around, nowMs: number): string {
  switch (task.status) {
    case 'running':
      return lastRun === undefined ? '' : running(lastRun, nowMs);
    case 'ready':
      return outage === undefined ? '' : outOfOrder(task, outage, nowMs);
    case 'blocked':
      return `blocked (${task.blockCause}): ${task.blockReason}`;
    case 'waiting':
      return `waits for ${task.openParents} of ${counted(task.parents.length, 'parent')}`;
    case 'scheduled':
      return task.notBeforeMs === null ? '' : scheduled(task, task.notBeforeMs, nowMs);
    case 'halted':
      return `halted after ${haltedAfter(task)}: \`logboard unblock\` resumes it`;
    case 'tombstoned':
      return forgotten(task, nowMs);
    case 'review':
      return 'waits for a verdict: `logboard review --approve` or `--reject`';
    default:
      return '';
  }
}

function forgotten({ standing }: TaskRow, nowMs: number): string {
  if (standing.status !== 'tombstoned' || standing.forgotten === undefined) return '';
  const { by, atMs, reason } = standing.forgotten;
  const what = `forgotten ${relativeTime(atMs, nowMs)} at the word of ${by}`;
  return reason === null ? what : `${what}: ${reason}`;
}

function running(run: RunRow, nowMs: number): string {
  const { progress } = run;
  return listed([
    `${run.runId}, try ${run.attempt}, by ${run.opened.claimedBy}`,
    `lease ends ${relativeTime(leaseUntilMs(run) ?? nowMs, nowMs)}`,
    progress === null ? undefined : `${Math.round(progress * 100)} %`,
    run.note ?? undefined,
  ]);
}

function outOfOrder({ assignee }: TaskRow, outage: Outage, nowMs: number): string {
  const { outcome, code, tasks, probeAtMs } = outage;
  const how = `${outcome.replaceAll('_', ' ')}, ${code}`;
  const next = probeAtMs > nowMs ? `next ${relativeTime(probeAtMs, nowMs)}` : 'next one now';
  const where = counted(tasks, 'task');
  return `${assignee} failed on ${where} alike (${how}): tried one at a time, ${next}`;
}

function haltedAfter({ standing, failures, interruptions }: TaskRow): string {
  const budget = standing.status === 'halted' ? standing.budget : 'failures';
  const { recoveries, releases, holds } = interruptions;
  const words = {
    failures: `${counted(failures, 'failure')} in a row`,
    recoveries: `${counted(recoveries, 'run')} that never started or fell silent`,
    releases: `${counted(releases, 'run')} given back`,
    holds: `${counted(holds, 'run')} held`,
  };
  return words[budget];
}

function scheduled({ hold }: TaskRow, notBeforeMs: number, nowMs: number): string {
  const why = {
    schedule: '',
    backoff: ', backing off',
    rate_limit: ', rate limited',
    outage: ', its assignee fails alike on every task',
  };
  const when = relativeTime(notBeforeMs, nowMs);
  return `not before ${clockTime(notBeforeMs, nowMs)} (${when}${why[hold ?? 'schedule']})`;
}

function listed(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' · ');
}
