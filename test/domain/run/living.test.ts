/** A run while it is open: opened once, spawned once, started, beating. */
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import type { RunEvent } from '../../../src/domain/run/events.ts';
import { lastSignAtMs } from '../../../src/domain/run/state.ts';
import {
  askGuard,
  beat,
  endings,
  opened,
  otherTokenHash,
  recordSpawn,
  sayBeat,
  spawned,
  started,
  tokenHash,
} from '../../kit/a-run.ts';
import { parentId, runId } from '../../kit/a-task.ts';
import { at, givenRun as given, storyAtMs, type Told } from '../../kit/given.ts';

type Story = readonly Told<RunEvent>[];

const secondMs = 1_000;
const minuteMs = 60_000;
/** Beats without news that are closer than this to the last sign of life are left out. */
const quietMs = defaultPolicy.claimTtlMs / 4;

describe('a run', () => {
  it('is opened once', () => {
    given().when({ type: 'OpenRun', data: opened().data }).then(opened());
    given(opened(), endings.RunReleased)
      .when({ type: 'OpenRun', data: opened().data })
      .thenRefused('already_exists');
  });

  it('that was never opened takes nothing', () => {
    given().when({ type: 'ReleaseRun' }).thenRefused('no_such_run');
  });

  it('has one worker, recorded as it is let go', () => {
    const after = given(opened({ tokenHash }))
      .when(recordSpawn())
      .then(spawned, { type: 'WorkerStarted', data: { guard: 'launcher' } });
    const times = { spawnedAtMs: storyAtMs, startedAtMs: storyAtMs };
    expect(after).toMatchObject({ process: { pid: 4711 }, ...times });
    given(opened({ tokenHash }), spawned)
      .when(recordSpawn({ process: { ...spawned.data, pid: 4712 } }))
      .thenRefused('already_exists', { pid: 4711 });
  });

  it('is started once, by whichever guard lets the worker through first', () => {
    const after = given(opened({ tokenHash }), spawned).when(askGuard({ tokenHash })).then(started);
    expect(after?.startedAtMs).toBe(storyAtMs);
    given(opened({ tokenHash }), spawned, started).when(askGuard({ tokenHash })).thenNothing();
    given(opened({ tokenHash }), started).when(recordSpawn()).then(spawned);
  });

  it('counts what it costs, each time it is told', () => {
    const usage = { model: 'brush-2', inputTokens: 100, costUsd: 0.25 };
    given(opened())
      .when({ type: 'RecordUsage', usage }, { repeatable: true })
      .then({ type: 'UsageRecorded', data: usage });
  });
});

describe('a beat', () => {
  it('with a note or progress is news, once', () => {
    const after = given(opened())
      .when(sayBeat({ note: 'sanding', progress: 0.25, nowMs: storyAtMs + secondMs }))
      .then(beat({ note: 'sanding', progress: 0.25 }));
    expect(after).toMatchObject({ note: 'sanding', progress: 0.25 });
  });

  it('that says what was said before is no news', () => {
    given(opened(), beat({ note: 'sanding', progress: 0.25 }))
      .when(sayBeat({ note: 'sanding', progress: 0.25, nowMs: storyAtMs + secondMs }))
      .thenNothing();
  });

  it('without news is left out until a quarter of the lease has passed in silence', () => {
    given(opened())
      .when(sayBeat({ nowMs: storyAtMs + quietMs - 1 }))
      .thenNothing();
    given(opened())
      .when(sayBeat({ coalesced: 11, nowMs: storyAtMs + quietMs }), { repeatable: true })
      .then(beat({ coalesced: 11 }));
  });

  it('is recorded when the clock has stepped back: silence cannot be measured then', () => {
    given(opened())
      .when(sayBeat({ nowMs: storyAtMs - 1 }), { repeatable: true })
      .then(beat());
  });

  it('counts silence from the last sign of life, whichever it was', () => {
    const sign = (...events: Story) => lastSignAtMs(given(...events).state!);
    expect(sign(at(7, opened()))).toBe(7);
    expect(sign(at(7, opened()), at(8, spawned))).toBe(8);
    expect(sign(at(7, opened()), at(8, spawned), at(9, started))).toBe(9);
    expect(sign(at(7, opened()), at(8, spawned), at(9, started), at(10, beat()))).toBe(10);
  });
});

describe('the summary of the beats', () => {
  const story = [
    at(storyAtMs, opened()),
    at(storyAtMs + 2 * minuteMs, spawned),
    at(storyAtMs + 3 * minuteMs, beat()),
    at(storyAtMs + 8 * minuteMs, beat({ coalesced: 14 })),
    at(storyAtMs + 9 * minuteMs, beat()),
  ];

  it('counts the beats that were left out, too', () => {
    expect(given(...story).state?.beats).toEqual({
      count: 17,
      firstAt: storyAtMs + 3 * minuteMs,
      lastAt: storyAtMs + 9 * minuteMs,
      maxGapMs: 5 * minuteMs,
    });
  });

  it('measures the first silence from the spawn, or else from the opening', () => {
    const firstGap = (...events: Story) => given(...events).state?.beats.maxGapMs;
    expect(firstGap(...story.slice(0, 3))).toBe(minuteMs);
    expect(firstGap(story[0]!, story[2]!)).toBe(3 * minuteMs);
  });

  it('knows no negative silence', () => {
    const backwards = given(at(storyAtMs, opened()), at(storyAtMs - minuteMs, beat()));
    expect(backwards.state?.beats).toMatchObject({ count: 1, maxGapMs: 0 });
  });

  it('stands in the terminal event, so that the beats themselves can go', () => {
    given(...story)
      .when({ type: 'ReleaseRun' })
      .then({
        type: 'RunReleased',
        data: {
          heartbeats: {
            count: 17,
            firstAt: storyAtMs + 3 * minuteMs,
            lastAt: storyAtMs + 9 * minuteMs,
            maxGapMs: 5 * minuteMs,
          },
        },
      });
  });
});

describe('progress', () => {
  const progressAt = (...events: Story) => given(at(1, opened()), ...events).state?.progressAtMs;

  it('is a spawn, a start, a cost, or a beat that moves note or progress', () => {
    expect(progressAt()).toBe(1);
    expect(progressAt(at(2, spawned))).toBe(2);
    expect(progressAt(at(2, started))).toBe(2);
    expect(progressAt(at(2, { type: 'UsageRecorded', data: {} }))).toBe(2);
    expect(progressAt(at(2, beat({ note: 'sanding' })))).toBe(2);
  });

  it('is not made by a beat that says nothing new', () => {
    expect(progressAt(at(2, beat({ note: 'sanding' })), at(3, beat({ note: 'sanding' })))).toBe(2);
    expect(progressAt(at(2, beat()))).toBe(1);
  });
});

describe('the token of a run', () => {
  const guarded = opened({ tokenHash });
  const byWorker = [
    askGuard(),
    sayBeat({ note: 'sanding', nowMs: storyAtMs }),
    { type: 'RecordUsage', usage: {} },
    { type: 'ActBeside' },
    { type: 'SendOutput', runId, isTombstoned: false, nowMs: storyAtMs },
    { type: 'CompleteRun', handOff: {}, review: false },
    { type: 'BlockRun', cause: 'needs_input', reason: 'Which colour?' },
    { type: 'ReleaseRun' },
  ] as const;

  it.each(byWorker)('is needed for whatever a worker writes: $type', (command) => {
    for (const shown of [{}, { tokenHash: otherTokenHash }]) {
      given(guarded)
        .when({ ...command, ...shown })
        .thenRefused('token_invalid', { attempted: command.type, shown: 'tokenHash' in shown });
    }
    const outcome = given(guarded).when({ ...command, tokenHash }, { repeatable: true });
    expect(() => outcome.thenRefused('token_invalid')).toThrow();
  });

  it.each(byWorker.slice(1))('is not asked for where the run has none: $type', (command) => {
    const outcome = given(opened()).when(command, { repeatable: true });
    expect(() => outcome.thenRefused('token_invalid')).toThrow();
  });

  it('is not asked of whoever ends the run from outside', () => {
    given(guarded).when({ type: 'CancelRun', reason: 'archived by ada' }).then(endings.RunCanceled);
  });
});

describe('the startup guard', () => {
  const story = [opened({ tokenHash }), spawned] as const;
  const mismatches = [
    ['another token', { tokenHash: otherTokenHash }, 'token_invalid'],
    ['no token', { tokenHash: undefined }, 'token_invalid'],
    ['another task', { taskId: parentId }, 'not_current_run'],
    ['no task', { taskId: undefined }, 'not_current_run'],
    ['a task that another run holds', { isCurrent: false }, 'not_current_run'],
  ] as const;

  it.each(mismatches)('turns away who shows %s, and says what it was asked', (_, wrong, code) => {
    for (const events of [story, [...story, started]]) {
      given(...events)
        .when(askGuard({ tokenHash, ...wrong }))
        .thenRefused(code, { attempted: 'StartWorker' });
    }
    given(opened({ tokenHash }))
      .when(recordSpawn(wrong))
      .thenRefused(code, { attempted: 'RecordSpawn' });
  });

  it('lets nobody in where the run has no token: what is missing proves nothing', () => {
    given(opened(), spawned)
      .when(askGuard())
      .thenRefused('token_invalid', { attempted: 'StartWorker', shown: false });
    given(opened(), spawned).when(askGuard({ tokenHash })).thenRefused('token_invalid');
    given(opened()).when(recordSpawn()).thenRefused('token_invalid');
  });
});
