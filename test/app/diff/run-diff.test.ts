/** Two attempts side by side: how far each got, and where they took different ways. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { openProjections } from '../../../projections/run.ts';
import { diffRuns, type RunDiff, type Split } from '../../../src/app/diff/run-diff.ts';
import { runStory } from '../../../src/app/diff/run-story.ts';
import { defaultPolicy, runPolicy } from '../../../src/domain/policy.ts';
import type { Heartbeats, RunEvent } from '../../../src/domain/run/events.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import { append, atTime, type Line, onRefused, onRun, onTask } from '../../kit/a-history.ts';
import { beat, endings, opened, spawned, started, worker } from '../../kit/a-run.ts';
import { claimed, created, failed, otherRunId, runId } from '../../kit/a-task.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { storyAtMs } from '../../kit/given.ts';

type Step = readonly [afterMs: number, event: RunEvent];

const { RunCompleted: completed, RunCrashed: crashed } = endings;
const { RunReclaimed: reclaimed, SpawnFailed: unspawned } = endings;

/** The events of a run, each so long after its claim. */
function attempt(id: string, claimedAtMs: number, steps: readonly Step[]): readonly Line[] {
  const number = id === runId ? 1 : 2;
  const first: Step = [0, opened({ attempt: number })];
  const beganAtMs = storyAtMs + claimedAtMs;
  const heartbeats = sumOf(steps, beganAtMs);
  return [first, ...steps].map(([afterMs, event]) => {
    const told = 'heartbeats' in event.data ? { ...event.data, heartbeats } : event.data;
    return atTime(beganAtMs + afterMs, onRun({ ...event, data: told } as RunEvent, id));
  });
}

/** What the end of a run says of its beats. */
function sumOf(steps: readonly Step[], beganAtMs: number): Heartbeats {
  const beats = steps.filter(([, { type }]) => type === 'HeartbeatRecorded');
  const at = (step: Step | undefined) => beganAtMs + (step?.[0] ?? 0);
  const ends = { firstAt: at(beats[0]), lastAt: at(beats.at(-1)) };
  return { count: beats.length, maxGapMs: 0, ...(beats.length === 0 ? {} : ends) };
}

interface Told {
  readonly one: readonly Step[];
  readonly other: readonly Step[];
  readonly besides?: readonly Line[];
}

async function compare({ one, other, besides = [] }: Told): Promise<RunDiff> {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  const policy = { ...runPolicy(defaultPolicy), claimTtlMs: 1_000 };
  await append(log, [
    onTask(created()),
    onTask(claimed()),
    ...attempt(runId, 0, one),
    onTask(failed()),
    onTask(claimed({ runId: otherRunId, attempt: 2, policy })),
    ...attempt(otherRunId, 60_000, other),
    ...besides,
  ]);
  const projections = await openProjections({ log, timers: clock, path: ':memory:' });
  onTestFinished(() => projections.close());
  await projections.catchUp();
  const [a, b] = await Promise.all(
    [runId, otherRunId].map((id) => runStory(log, projections.queries, id)),
  );
  if (!a || !b || a.refused || b.refused) throw new Error('no such run');
  return diffRuns(a, b);
}

const begun: readonly Step[] = [
  [100, spawned],
  [200, started],
];

describe('two attempts part', () => {
  const told: readonly (readonly [string, Told, Partial<Split> | null])[] = [
    [
      'nowhere, when both go the same way to the same end',
      { one: [...begun, [900, completed]], other: [...begun, [300, completed]] },
      null,
    ],
    [
      'at the end, when one fails',
      { one: [...begun, [900, crashed]], other: [...begun, [300, completed]] },
      { phase: 'ended', a: 'crashed', b: 'completed' },
    ],
    [
      'where one was never spawned',
      { one: [[50, unspawned]], other: [...begun, [300, completed]] },
      { phase: 'spawned', a: 'could not be spawned', b: 'was spawned' },
    ],
    [
      'where one never began',
      {
        one: [
          [100, spawned],
          [400, reclaimed],
        ],
        other: [...begun, [300, completed]],
      },
      { phase: 'started', a: 'was reclaimed', b: 'began to work' },
    ],
    [
      'where one never gave a sign of life',
      {
        one: [...begun, [400, reclaimed]],
        other: [...begun, [250, beat({ note: 'primed' })], [300, completed]],
      },
      { phase: 'first_beat', a: 'was reclaimed', b: 'gave a sign of life', lastCommonNote: null },
    ],
    [
      'at the end, after they had said the same for a while',
      {
        one: [
          ...begun,
          [250, beat({ note: 'sanded' })],
          [300, beat({ note: 'sanded' })],
          [350, beat({ note: 'primed' })],
          [400, crashed],
        ],
        other: [
          ...begun,
          [250, beat({ note: 'sanded' })],
          [350, beat({ note: 'primed' })],
          [400, beat({ note: 'painted' })],
          [500, completed],
        ],
      },
      { phase: 'ended', a: 'crashed', b: 'completed', lastCommonNote: 'primed' },
    ],
    [
      'at the end, when one is still open',
      { one: [...begun, [900, crashed]], other: begun },
      { phase: 'ended', a: 'crashed', b: 'still open' },
    ],
  ];

  test.each(told)('%s', async (_name, story, split) => {
    const { split: found } = await compare(story);

    if (split === null) expect(found).toBeNull();
    else expect(found).toMatchObject(split);
  });
});

describe('side by side stand', () => {
  test('the steps of both, each counted from its own claim', async () => {
    const { phases } = await compare({
      one: [...begun, [250, beat()], [650, beat()], [900, crashed]],
      other: [
        [30, spawned],
        [40, started],
        [300, completed],
      ],
    });

    expect(phases).toEqual([
      { phase: 'claimed', a: 0, b: 0 },
      { phase: 'spawned', a: 100, b: 30 },
      { phase: 'started', a: 200, b: 40 },
      { phase: 'first_beat', a: 250, b: null },
      { phase: 'last_beat', a: 650, b: null },
      { phase: 'ended', a: 900, b: 300 },
    ]);
  });

  test('what is not the same about them, and the names of what is', async () => {
    const refusal = {
      type: 'WriteRefused',
      data: {
        ...{ runId, attempted: 'CompleteRun', code: 'stale_run' },
        ...{ by: worker, actualVersion: 4 },
      },
    } as const;
    const usage = { type: 'UsageRecorded', data: { inputTokens: 7, costUsd: 0.5 } } as const;
    const { differences, same } = await compare({
      one: [...begun, [900, crashed]],
      other: [...begun, [200, usage], [300, completed]],
      besides: [onRefused(refusal)],
    });

    const { data: failure } = crashed;
    expect(Object.fromEntries(differences.map(({ fact, a, b }) => [fact, [a, b]]))).toEqual({
      outcome: ['crashed', 'completed'],
      error: [failure.error, null],
      ...(failure.exitCode === undefined ? {} : { exitCode: [failure.exitCode, null] }),
      ...(failure.signal === undefined ? {} : { signal: [failure.signal, null] }),
      summary: [null, 'Two coats.'],
      result: [null, 'red'],
      refusedWrites: [['CompleteRun'], []],
      inputTokens: [0, 7],
      costUsd: [0, 0.5],
      'policy.claimTtlMs': [defaultPolicy.claimTtlMs, 1_000],
    });
    expect(same).toEqual(
      expect.arrayContaining(['task', 'claimedBy', 'argv', 'policy.crashGraceMs']),
    );
  });
});
