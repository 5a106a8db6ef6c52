/** What of a log becomes the trace of a run, and what does not. */
import { expect, test } from 'vitest';
import { createGathering } from '../../../src/domain/what-if/gather.ts';
import { onRefused, recorded } from '../../kit/a-history.ts';
import { endings, spawned } from '../../kit/a-run.ts';
import { runId } from '../../kit/a-task.ts';
import { storyAtMs } from '../../kit/given.ts';
import { done, type Life, linesOf, reclaimed, traceOf, tracesOf } from './a-past.ts';

const life: Life = { beatsMs: [20_000, 50_000, 51_000], end: [90_000, done] };

test('only silences that one of the policies could end a run for are kept', () => {
  const silences = (claimTtlMs: number) => [...traceOf(life, [{ claimTtlMs }]).silences];

  expect(silences(500)).toEqual([0, 20_000, 20_000, 30_000, 50_000, 1_000, 51_000, 39_000]);
  expect(silences(30_000)).toEqual([51_000, 39_000]);
  expect(silences(3_600_000)).toEqual([]);
});

test('a clock that was set back makes no silence, and none negative', () => {
  const trace = traceOf({ beatsMs: [20_000], end: [20_000, done] }, [{ claimTtlMs: 1_000 }]);
  const back = traceOf({ beatsMs: [-5_000, 20_000], end: [20_500, done] }, [{ claimTtlMs: 1_000 }]);

  expect([...trace.silences]).toEqual([0, 20_000]);
  expect([...back.silences]).toEqual([0, 20_000]);
});

test('a refusal counts as life when the worker itself was refused, the first one only', () => {
  const end = [80_000, reclaimed('outside')] as const;
  const refused = (kind: 'worker' | 'dispatcher', code: string) => {
    const by = { kind, id: runId };
    const data = { runId, attempted: 'x', code, by, actualVersion: 2 };
    const lines = [...linesOf({ end }), onRefused({ type: 'WriteRefused', data })];
    return tracesOf(recorded(lines), [{}], storyAtMs + 100_000)[0]?.backMs;
  };

  expect(traceOf({ end, refusedMs: 85_000 }).backMs).toBe(85_000);
  expect(refused('worker', 'stale_run')).toBe(80_000);
  expect(refused('dispatcher', 'stale_run')).toBeNull();
  expect(refused('worker', 'token_invalid')).toBeNull();
});

test('the window is that of the claims, and runs are read to their ends', () => {
  const events = recorded(linesOf(life));
  const claimedAt = (from: number, to: number) => {
    const gathering = createGathering({ from, to }, [{}]);
    for (const event of events) gathering.add(event);
    return gathering.finish(storyAtMs).map(({ fate }) => fate);
  };

  expect(claimedAt(2, 2)).toEqual(['lived']);
  expect(claimedAt(3, 99)).toEqual([]);
  expect(claimedAt(1, 1)).toEqual([]);
});

test('runs of other assignees are left out', () => {
  const events = recorded(linesOf({ ...life, assignee: 'paint' }));
  const runsOf = (assignee: string) => {
    const gathering = createGathering({ from: 1, to: 99, assignee }, [{}]);
    for (const event of events) if (gathering.wants(event)) gathering.add(event);
    return gathering.finish(storyAtMs).length;
  };

  expect(runsOf('paint')).toBe(1);
  expect(runsOf('caulk')).toBe(0);
});

test('events that say nothing about life need not be decoded', () => {
  const gathering = createGathering({ from: 1, to: 99 }, [{}]);
  const wants = (type: string, stream: string) => gathering.wants({ type, stream });

  expect(wants('TaskClaimed', 'task-T-1')).toBe(true);
  expect(wants('CommentAdded', 'note-T-1')).toBe(false);
  expect(wants('TaskCreated', 'task-T-1')).toBe(false);
  expect(wants(spawned.type, `run-${runId}`)).toBe(false);
});

test.each([
  [endings.RunCompleted, 'lived'],
  [endings.RunBlocked, 'lived'],
  [endings.RunReleased, 'lived'],
  [endings.SpawnFailed, 'lived'],
  [endings.ProtocolViolated, 'lived'],
  [endings.RunRateLimited, 'lived'],
  [endings.RunCrashed, 'lived'],
  [endings.RunTimedOut, 'lived'],
  [endings.RunWentStale, 'stale'],
  [endings.RunCanceled, 'cut'],
  [endings.RunReclaimed, 'lived'],
  [reclaimed('here'), 'silent'],
  [reclaimed('other_host'), 'elsewhere'],
] as const)('%o of a worker of a dispatcher is an end of the kind %s', (event, fate) => {
  expect(traceOf({ spawnedMs: 1_000, end: [400_000, event] }).fate).toBe(fate);
});

test('a run outside that its time limit ended is cut: nobody saw whether it lived', () => {
  expect(traceOf({ end: [400_000, endings.RunTimedOut] }).fate).toBe('cut');
});
