/** Who serves a board, host by host, told from what the log knows of dispatchers and runs. */
import { describe, expect, test } from 'vitest';
import { byTheLog, dispatchersSeen, hostsSeen, servingOf } from '../../src/app/fleet.ts';
import type { DispatcherEvent } from '../../src/domain/dispatcher/events.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { type Line, lineAtMs, onDispatcher, onRun, onTask } from '../kit/a-history.ts';
import { beat, opened } from '../kit/a-run.ts';
import { claimed, created, runId } from '../kit/a-task.ts';
import { questionsAbout } from '../kit/projection-given.ts';

function started(id: string, host: string, bootId = 'boot-1', assignees = ['paint']): Line {
  const who = { host, bootId, pid: 42, programVersion: '1.0.0', assignees };
  return onDispatcher({ type: 'DispatcherStarted', data: { policy: defaultPolicy, ...who } }, id);
}

const goodbye: DispatcherEvent = { type: 'DispatcherStopped', data: { reason: 'asked to' } };
const stopped = (id: string): Line => onDispatcher(goodbye, id);

function statesOf(...lines: readonly Line[]) {
  const seen = dispatchersSeen(questionsAbout(...lines).dispatchers(), byTheLog);
  return Object.fromEntries(seen.map(({ row, state }) => [row.dispatcherId, state]));
}

function hostsOf(lines: readonly Line[], options = {}, probe = byTheLog) {
  const queries = questionsAbout(...lines);
  const dispatchers = dispatchersSeen(queries.dispatchers(), probe);
  return hostsSeen({ dispatchers, openRuns: queries.openRuns() }, options);
}

describe('a dispatcher', () => {
  test('serves until it says goodbye', () => {
    const lines = [started('D-1', 'quay'), started('D-2', 'quay'), stopped('D-1')];
    expect(statesOf(...lines)).toEqual({ 'D-1': 'stopped', 'D-2': 'serving' });
  });

  test('is gone when its host was started anew, and only then', () => {
    const lines = [started('D-1', 'quay'), started('D-2', 'pier', 'boot-7')];
    expect(statesOf(...lines)).toEqual({ 'D-1': 'serving', 'D-2': 'serving' });
    const later = [...lines, started('D-3', 'quay', 'boot-2')];
    expect(statesOf(...later)).toEqual({ 'D-1': 'gone', 'D-2': 'serving', 'D-3': 'serving' });
    const over = [...later, stopped('D-3')];
    expect(statesOf(...over)).toMatchObject({ 'D-1': 'gone', 'D-3': 'stopped' });
  });

  test.each([
    ['alive', 'serving', true],
    ['unknown', 'serving', false],
    ['dead', 'gone', false],
  ] as const)('whose process is %s is %s', (verdict, state, isSeen) => {
    const rows = questionsAbout(started('D-1', 'quay')).dispatchers();
    expect(dispatchersSeen(rows, () => verdict)).toMatchObject([{ state, isSeen }]);
    const ids = servingOf(rows, () => verdict).map(({ dispatcherId }) => dispatcherId);
    expect(ids).toEqual(state === 'serving' ? ['D-1'] : []);
  });

  test('that said goodbye is not looked for: its pid may be anybody by now', () => {
    const rows = questionsAbout(started('D-1', 'quay'), stopped('D-1')).dispatchers();
    const seen = dispatchersSeen(rows, () => expect.unreachable('it was looked for'));
    expect(seen).toMatchObject([{ state: 'stopped' }]);
  });
});

describe('a host', () => {
  const running = [onTask(created()), onTask(claimed()), onRun(opened({ host: 'quay' }))];

  test('is told with who serves there, for whom, and what runs', () => {
    const lines = [
      started('D-1', 'quay'),
      started('D-2', 'quay', 'boot-1', ['tar', 'paint']),
      started('D-3', 'pier', 'boot-7', []),
      ...running,
    ];
    expect(hostsOf(lines)).toEqual([
      {
        ...{ host: 'pier', bootId: 'boot-7', serving: ['D-3'], assignees: [] },
        ...{ running: 0, lastSignAtMs: lineAtMs(3) },
      },
      {
        ...{ host: 'quay', bootId: 'boot-1', serving: ['D-2', 'D-1'], assignees: ['paint', 'tar'] },
        ...{ running: 1, lastSignAtMs: lineAtMs(6) },
      },
    ]);
  });

  test('is last heard of when a worker beats there', () => {
    const [quay] = hostsOf([started('D-1', 'quay'), ...running, onRun(beat(), runId)]);
    expect(quay?.lastSignAtMs).toBe(lineAtMs(5));
  });

  test('stays in sight while a run is open there, though nobody serves it', () => {
    const lines = [started('D-1', 'quay'), ...running, stopped('D-1')];
    expect(hostsOf(lines)).toMatchObject([{ host: 'quay', serving: [], running: 1 }]);
  });

  test('is not served by a dispatcher whose process is dead', () => {
    const lines = [started('D-1', 'quay'), ...running];
    expect(hostsOf(lines, {}, () => 'dead')).toMatchObject([{ serving: [], assignees: [] }]);
  });

  test('is out of sight when all have left, unless all are asked for', () => {
    const lines = [started('D-1', 'quay'), stopped('D-1')];
    expect(hostsOf(lines)).toEqual([]);
    expect(hostsOf(lines, { all: true })).toMatchObject([{ host: 'quay', bootId: 'boot-1' }]);
  });
});
