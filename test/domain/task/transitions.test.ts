/**
 * The transition table: every status and every command. What the table does not allow is refused,
 * never repaired, so no rule can resurrect a task that another rule stopped.
 */
import { describe, expect, it } from 'vitest';
import { openParents, type Status, statuses, statusOf } from '../../../src/domain/readiness.ts';
import type { RefusalCode } from '../../../src/domain/refusal.ts';
import type { TaskCommand } from '../../../src/domain/task/commands.ts';
import { decideTask } from '../../../src/domain/task/decide.ts';
import type { TaskEvent } from '../../../src/domain/task/events.ts';
import { evolveTask, type Task } from '../../../src/domain/task/state.ts';
import { endings } from '../../kit/a-run.ts';
import {
  claim,
  conclude,
  created,
  laterMs,
  otherParentId,
  otherRunId,
  parentId,
  storyOf,
  taskId,
} from '../../kit/a-task.ts';
import { givenTask, storyAtMs } from '../../kit/given.ts';

/**
 * A status: allowed, and where the task stands afterwards. `=`: nothing left to do.
 * `x`: refused as wrong_status. `!…`: refused for another reason, see `codes`.
 */
const table = `
                 triage wait   sched  ready  run    review done   block  halt   arch   tomb
CreateTask       !exist !exist !exist !exist !exist !exist !exist !exist !exist !exist !exist
EditTask         triage wait   sched  ready  run    review done   block  halt   x      x
AssignTask       triage wait   sched  ready  !claim review done   block  halt   x      x
ReprioritizeTask triage wait   sched  ready  run    review done   block  halt   x      x
ScheduleTask     triage wait   sched  sched  sched  x      x      x      x      x      x
AddParent        triage wait   wait   wait   x      x      x      block  halt   x      x
RemoveParent     =      ready  =      =      =      =      =      =      =      =      =
SpecifyTask      ready  x      x      x      x      x      x      x      x      x      x
ClaimTask        !ready !open  !held  run    !claim !ready !ready !ready !ready !ready !ready
ExtendLease      !run   !run   !run   !run   run    !run   !run   !run   !run   !run   !run
ConcludeRun      =      =      =      =      sched  =      =      =      =      =      =
CompleteTask     x      !open  done   done   done   x      !done  done   done   x      x
BlockTask        block  block  block  block  block  x      x      x      x      x      x
UnblockTask      x      x      ready  x      x      x      x      ready  ready  x      x
ApproveReview    x      x      x      x      x      done   x      x      x      x      x
RejectReview     x      x      x      x      x      ready  x      x      x      x      x
PromoteTask      ready  !open  ready  =      x      x      x      x      x      x      x
ReopenTask       x      x      x      x      x      x      ready  x      x      x      x
ResetFailures    =      =      =      =      =      =      =      =      halt   =      =
ArchiveTask      arch   arch   arch   arch   arch   arch   arch   arch   arch   =      =
RestoreTask      x      x      x      x      x      x      x      x      x      ready  x
TombstoneTask    x      x      x      x      x      x      x      x      x      tomb   =
ForgetTask       tomb   tomb   tomb   tomb   x      tomb   tomb   tomb   tomb   tomb   tomb
`;

/** The short names of the table. */
const names: Readonly<Record<string, Status>> = {
  triage: 'triage',
  wait: 'waiting',
  sched: 'scheduled',
  ready: 'ready',
  run: 'running',
  review: 'review',
  done: 'done',
  block: 'blocked',
  halt: 'halted',
  arch: 'archived',
  tomb: 'tombstoned',
};
const codes: Readonly<Record<string, RefusalCode>> = {
  x: 'wrong_status',
  '!exist': 'already_exists',
  '!claim': 'already_claimed',
  '!done': 'already_done',
  '!held': 'held_until',
  '!ready': 'not_ready',
  '!open': 'parents_open',
  '!run': 'not_current_run',
};

/** How a task comes to stand in each status people see. */
const stories: Readonly<Record<Status, readonly TaskEvent[]>> = {
  ...storyOf,
  ready: storyOf.queued,
  waiting: [created({ parents: [parentId] })],
  scheduled: [created({ notBeforeMs: laterMs })],
};

const header = table.trim().split('\n')[0]!.trim().split(/ +/);
const rows = table
  .trim()
  .split('\n')
  .slice(1)
  .map((row) => row.split(/ +/));

describe.each(rows)('%s', (type, ...cells) => {
  it.each(header.map((name, column) => [names[name]!, cells[column]] as const))(
    'on a task that is %s: %s',
    (status, expected) => {
      const openParents = status === 'waiting' ? [parentId] : [];
      const command = commandsFor(openParents).find((one) => one.type === type);
      expect(outcome(status, command!)).toBe(expected);
    },
  );
});

it('the table has a row for every command and a column for every status', () => {
  expect(rows.map(([type]) => type)).toEqual(commandsFor([]).map(({ type }) => type));
  expect(header.map((name) => names[name])).toEqual(statuses);
});

/** One command of every type, as it would be sent to a task with these open parents. */
function commandsFor(open: readonly string[]): readonly TaskCommand[] {
  const commands: { readonly [T in TaskCommand['type']]: TaskCommand & { readonly type: T } } = {
    CreateTask: { type: 'CreateTask', fields: created().data, missingParents: [] },
    EditTask: { type: 'EditTask', changes: { title: 'Paint the mast' } },
    AssignTask: { type: 'AssignTask', assignee: 'painter' },
    ReprioritizeTask: { type: 'ReprioritizeTask', priority: 7 },
    ScheduleTask: { type: 'ScheduleTask', notBeforeMs: laterMs + 1 },
    AddParent: {
      type: 'AddParent',
      taskId,
      parentId: otherParentId,
      parentExists: true,
      closesCycle: false,
    },
    RemoveParent: { type: 'RemoveParent', parentId },
    SpecifyTask: { type: 'SpecifyTask', changes: {} },
    ClaimTask: claim({ openParents: open }),
    ExtendLease: {
      type: 'ExtendLease',
      runId: claim().runId,
      ttlMs: 1,
      reason: 'alive',
      evidence: {},
    },
    ConcludeRun: conclude(endings.RunCrashed),
    CompleteTask: {
      type: 'CompleteTask',
      handOff: {},
      recordRunId: otherRunId,
      openParents: open,
    },
    BlockTask: { type: 'BlockTask', cause: 'operator', reason: 'Wait.', recordRunId: otherRunId },
    UnblockTask: { type: 'UnblockTask' },
    ApproveReview: { type: 'ApproveReview' },
    RejectReview: { type: 'RejectReview', reason: 'It drips.' },
    PromoteTask: { type: 'PromoteTask', forced: false, openParents: open },
    ReopenTask: { type: 'ReopenTask' },
    ResetFailures: { type: 'ResetFailures' },
    ArchiveTask: { type: 'ArchiveTask' },
    RestoreTask: { type: 'RestoreTask' },
    TombstoneTask: { type: 'TombstoneTask' },
    ForgetTask: { type: 'ForgetTask' },
  };
  return Object.values(commands);
}

/** What came of the command, in the words of the table. */
function outcome(status: Status, command: TaskCommand): string {
  const before = givenTask(...stories[status]).state as Task;
  const decision = decideTask(before, command);
  if (decision.refused) return shortFor(codes, decision.code);
  if (decision.events.length === 0) return '=';
  let after = before;
  const meta = { at: storyAtMs, actor: { kind: 'human', id: 'ada' } } as const;
  for (const event of decision.events) after = evolveTask(after, event, meta);
  return shortFor(names, visibleStatus(after));
}

function visibleStatus(task: Task): Status {
  const open = openParents(task, () => ({ status: 'queued' }));
  return statusOf(task, { openParents: open.length, nowMs: storyAtMs });
}

function shortFor(words: Readonly<Record<string, string>>, long: string): string {
  const found = Object.entries(words).find(([, word]) => word === long);
  if (found === undefined) throw new Error(`the table has no word for ${long}`);
  return found[0];
}
