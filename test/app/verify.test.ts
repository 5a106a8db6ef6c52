/** The invariants of the log: every one is seen to be broken, and none is by mistake. */
import { describe, expect, it } from 'vitest';
import { checkInvariants, halfDoneMsMax } from '../../src/app/verify.ts';
import { type BoardDomainEvent, streams } from '../../src/domain/catalogue.ts';
import type { EventMeta } from '../../src/domain/event.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { piecewise } from '../../tools/trial/piecewise-log.ts';
import { beat, endings, opened, worker } from '../kit/a-run.ts';
import {
  archived,
  claimed,
  completed,
  created,
  failed,
  halted,
  otherRunId,
  parentId,
  runId,
  taskId,
} from '../kit/a-task.ts';
import { aRunningTask, openHarbour } from '../kit/boards.ts';
import { accepted, ada, workerOf } from '../kit/callers.ts';

type Step = readonly [stream: string, event: BoardDomainEvent, actor?: EventMeta['actor']];

const task = streams.task(taskId);
const parent = streams.task(parentId);
const run = streams.run(runId);
const otherRun = streams.run(otherRunId);

/** A log that somebody wrote past the deciders. */
async function forge(steps: readonly Step[]): Promise<EventLog> {
  const log = createMemoryLog({ clock: { nowMs: () => 0 }, epoch: 'epoch-1' });
  for (const [index, [stream, event, actor = ada.actor]] of steps.entries()) {
    const commandId = `command-${index}`;
    const cause = { commandId, $correlationId: commandId, $causationId: commandId };
    const meta: EventMeta = { actor, surface: 'cli', ...cause, at: index };
    const events = [codec.encode(`event-${index}`, event, meta)];
    await log.append([{ stream, expected: 'any', events }]);
  }
  return log;
}

/** The broken invariants of such a log, and where. */
async function broken(...steps: readonly Step[]): Promise<readonly string[]> {
  return brokenIn(await forge(steps));
}

async function brokenIn(log: EventLog): Promise<readonly string[]> {
  const violations = await checkInvariants({ log, codec });
  return violations.map(({ invariant, position }) => `${invariant} at ${position}`);
}

const opening: readonly Step[] = [
  [task, created()],
  [task, claimed()],
  [run, opened()],
];
const crash: Step = [run, endings.RunCrashed];

describe('a log written by the board', () => {
  it('breaks nothing, whatever happened', async () => {
    const harbour = openHarbour();
    const { taskId: first, runId: firstRun } = await aRunningTask(harbour);
    const commands = harbour.board.as(ada);
    await accepted(harbour.board.as(workerOf(firstRun)).heartbeat(firstRun, { note: 'sanding' }));
    await accepted(harbour.board.as(workerOf(firstRun)).completeRun(firstRun, {}));
    const { taskId: second } = await aRunningTask(harbour, { parents: [first] });
    await accepted(commands.reclaim(second, 'too slow'));
    await accepted(commands.complete(second, { summary: 'By hand.' }));
    await accepted(commands.reopen(second));
    await accepted(commands.archive(second));
    expect(await brokenIn(harbour.log)).toEqual([]);
  });

  it('reports how far the reading has come', async () => {
    const seen: number[] = [];
    await checkInvariants({ log: await forge(opening), codec }, (position) => seen.push(position));
    expect(seen).toEqual([3]);
  });
});

describe('a log that somebody wrote past the deciders', () => {
  it('has a circle of tasks that wait for each other', async () => {
    const linked = (parent: string): BoardDomainEvent => ({
      type: 'ParentAdded',
      data: { parentId: parent },
    });
    const steps: Step[] = [
      [task, created()],
      [parent, created()],
      [parent, linked(taskId)],
    ];
    expect(await broken(...steps)).toEqual([]);
    const log = await forge([...steps, [task, linked(parentId)]]);
    expect(await checkInvariants({ log, codec })).toEqual([
      expect.objectContaining({
        invariant: 'no_task_waits_for_itself',
        found: `${taskId} waits for ${parentId} waits for ${taskId}`,
      }),
    ]);
  });

  it.each([
    { kind: 'worker', id: runId },
    { kind: 'dispatcher', id: 'dispatcher-1' },
  ] as const)('has its breaker undone by a $kind', async (actor) => {
    const crashed: Step[] = [...opening, crash, [task, failed()]];
    const forgiven: BoardDomainEvent = { type: 'FailuresReset', data: {} };
    expect(await broken(...crashed, [task, forgiven])).toEqual([]);
    expect(await broken(...crashed, [task, forgiven, actor])).toEqual([
      'people_undo_the_breaker at 6',
    ]);
  });
});

describe('a log that is not atomic', () => {
  const nowMs = 1_000_000;
  const justNowMs = nowMs - halfDoneMsMax + 1;

  /** What is found there, when the last event was stored at this time and all others long ago. */
  async function halfDone(storedAtMs: number, ...steps: readonly Step[]) {
    const log = piecewise(await forge(steps));
    const stored = (await log.readAll()).map((event, index) =>
      index === steps.length - 1 ? { ...event, recordedAtMs: storedAtMs } : event,
    );
    const readAll: EventLog['readAll'] = async ({ after = 0 } = {}) => stored.slice(after);
    const violations = await checkInvariants({ log: { ...log, readAll }, codec, nowMs });
    return violations.map(({ invariant }) => invariant);
  }

  const byHand: Step = [task, { type: 'TaskCompleted', data: { runId: otherRunId } }];

  it.each<readonly [string, readonly Step[], string]>([
    ['the end of a run', [...opening, crash], 'running_task_has_an_open_run'],
    ['a claim', opening.slice(0, 2), 'running_task_has_an_open_run'],
    ['a word by hand', [[task, created()], byHand], 'words_have_a_record'],
  ])('may be half done for a while, and not longer: %s', async (_what, steps, invariant) => {
    expect(await halfDone(justNowMs, ...steps)).toEqual([]);
    expect(await halfDone(nowMs - halfDoneMsMax, ...steps)).toEqual([invariant]);
    expect(await broken(...steps)).toEqual([expect.stringContaining(invariant)]);
  });

  it('may have a claim and the reopening of a parent at the same time, in any order', async () => {
    const reopened: Step = [parent, { type: 'TaskReopened', data: {} }];
    const steps: Step[] = [
      [parent, created()],
      [parent, { type: 'TaskCompleted', data: {} }],
      [task, created({ parents: [parentId] })],
      reopened,
      [task, claimed()],
    ];
    expect(await halfDone(justNowMs, ...steps)).toEqual(['claim_needs_done_parents']);
    expect(await halfDone(1, ...steps)).not.toContain('claim_needs_done_parents');
    expect(await broken(...steps, [run, opened()])).toEqual(['claim_needs_done_parents at 5']);
  });
});

describe('a log that was tampered with', () => {
  const inner = () => forge(opening);
  /** The same log, read through a glass that changes its events. */
  const through = async (glass: (event: StoredEvent) => StoredEvent): Promise<EventLog> => {
    const log = await inner();
    return { ...log, readAll: async (options) => (await log.readAll(options)).map(glass) };
  };
  const only =
    (position: number, change: Partial<StoredEvent>) =>
    (event: StoredEvent): StoredEvent =>
      event.position === position ? { ...event, ...change } : event;

  it('has gaps in its versions', async () => {
    expect(await brokenIn(await through(only(2, { version: 2 })))).toEqual([
      'versions_without_gaps at 2',
    ]);
  });

  it('has positions that do not grow', async () => {
    const log = await through(only(2, { position: 1 }));
    expect(await brokenIn(log)).toEqual(['positions_grow at 1']);
  });

  it('has an event twice', async () => {
    const log = await through(only(3, { id: 'event-0' }));
    expect(await brokenIn(log)).toEqual(['event_ids_unique at 3']);
  });
});

describe('a story that cannot have happened', () => {
  it.each<readonly [string, readonly Step[], readonly string[]]>([
    ['starts in the middle', [[task, archived]], ['events_fold at 1']],
    [
      'claims a task that runs',
      [...opening, [task, claimed({ runId: otherRunId })], [otherRun, opened()]],
      ['claim_needs_a_ready_task at 4', 'open_run_holds_its_task at 3'],
    ],
    [
      'claims a task that is archived',
      [
        [task, created()],
        [task, archived],
        [task, claimed()],
        [run, opened()],
      ],
      ['claim_needs_a_ready_task at 3'],
    ],
    [
      'claims a task before its parents are done',
      [[parent, created()], [task, created({ parents: [parentId] })], ...opening.slice(1)],
      ['claim_needs_done_parents at 3'],
    ],
    [
      'lets a worker write to a run that lost the task',
      [
        ...opening,
        crash,
        [task, failed()],
        [otherRun, opened()],
        [otherRun, beat(), worker],
        [otherRun, endings.RunCanceled],
      ],
      ['worker_writes_to_the_current_run at 7'],
    ],
    [
      'goes on after the end of a run',
      [...opening, crash, [task, failed()], [run, beat()]],
      ['nothing_after_the_end at 6'],
    ],
    [
      'ends a run twice',
      [...opening, crash, [run, endings.RunCompleted], [task, failed()]],
      ['nothing_after_the_end at 5'],
    ],
    [
      'concludes for a run that does not hold the task',
      [...opening, crash, [task, failed({ runId: otherRunId })]],
      ['conclusion_by_the_current_run at 5'],
    ],
    [
      'concludes something else than what happened',
      [...opening, crash, [task, failed({ outcome: 'timed_out' })]],
      ['conclusion_follows_the_ending at 5'],
    ],
    [
      'concludes before the run has ended',
      [...opening, [task, failed()], crash],
      ['conclusion_follows_the_ending at 4'],
    ],
    [
      'forgets a failure',
      [...opening, crash, [task, failed({ failures: 0 })]],
      ['failures_add_up at 5'],
    ],
    [
      'invents a failure',
      [...opening, [run, endings.RunReleased], [task, failed({ outcome: 'released' })]],
      ['failures_add_up at 5'],
    ],
    [
      'goes on past the limit of the breaker',
      [
        ...opening,
        crash,
        [task, failed()],
        [task, claimed({ runId: otherRunId, attempt: 2 })],
        [otherRun, opened()],
        [otherRun, endings.RunCrashed],
        [task, failed({ runId: otherRunId, failures: 2 })],
      ],
      ['breaker_halts_at_the_limit at 9'],
    ],
    [
      'takes back what was given back for ever',
      [
        [task, created()],
        [task, claimed({ policy: { ...claimed().data.policy, releaseLimit: 1 } })],
        [run, opened()],
        [run, endings.RunReleased],
        [task, failed({ outcome: 'released', failures: 0 })],
      ],
      ['breaker_halts_at_the_limit at 5'],
    ],
    [
      'halts a task that is done',
      [...opening, [run, endings.RunCompleted], [task, completed], [task, halted]],
      ['conclusion_by_the_current_run at 6', 'done_stays_done at 6'],
    ],
    [
      'blocks a task that is done',
      [
        ...opening,
        [run, endings.RunCompleted],
        [task, completed],
        [task, { type: 'TaskBlocked', data: { cause: 'operator', reason: 'Wait.' } }],
      ],
      ['done_stays_done at 6'],
    ],
    [
      'leaves a task running without a run',
      opening.slice(0, 2),
      ['running_task_has_an_open_run at 2'],
    ],
    [
      'leaves a task running on a run that is over',
      [...opening, crash],
      ['running_task_has_an_open_run at 2'],
    ],
    [
      'leaves a run open without its task',
      [
        [task, created()],
        [run, opened()],
      ],
      ['open_run_holds_its_task at 2'],
    ],
  ])('%s', async (_, steps, expected) => {
    expect(await broken(...steps)).toEqual(expected);
  });
});

it('a log that breaks everything is listed up to a hundred times', async () => {
  const steps = Array.from({ length: 150 }, (): Step => [task, archived]);
  expect(await broken(...steps)).toHaveLength(100);
});
