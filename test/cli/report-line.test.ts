/** What a dispatcher reports, as people read it. */
import { expect, test } from 'vitest';
import { reportLine } from '../../src/cli/report-line.ts';
import type { Style } from '../../src/cli/style.ts';

const plain: Style = { columns: 80, hasColour: false, paint: (_tone, text) => text };

function line(what: string, facts: object): string {
  return reportLine(what, facts, plain, 0).replace(/^\S+ +/, '');
}

test.each([
  ['CrashRun', 'failed'],
  ['ViolateProtocol', 'failed'],
  ['TimeOutRun', 'failed'],
  ['CompleteRun', 'completed'],
  ['ReclaimRun', 'reclaimed'],
  ['RateLimitRun', 'held'],
])('a run that was judged by %s is called %s', (end, name) => {
  const facts = { runId: 'R-1', taskId: 'T-1', end, because: 'exited with 3' };
  expect(line('judged', facts).replace(/ +/g, ' ')).toBe(
    `${name} runId R-1, taskId T-1, because exited with 3`,
  );
});

test('whatever else is reported keeps its name and all of its facts', () => {
  expect(line('ended', { runId: 'R-1', end: 'CrashRun' })).toBe(
    'ended     runId R-1, end CrashRun',
  );
});

test.each([
  [
    { changes: [{ key: 'maxRunning', from: 3, to: 5 }] },
    'logboard.yaml changed: maxRunning 3 -> 5',
  ],
  [
    { changes: [{ worker: 'report', change: 'added' }], needsRestart: ['log'] },
    'logboard.yaml changed: worker report added; log needs a restart',
  ],
  [
    { needsRestart: ['log', 'privacy.encrypt'] },
    'logboard.yaml changed: log and privacy.encrypt need a restart',
  ],
  [
    { changes: [{ key: 'defaultAssignee', from: null, to: 'report' }] },
    'logboard.yaml changed: defaultAssignee null -> report',
  ],
  [{}, 'logboard.yaml can be used again: nothing has changed'],
])('a configuration that was read again is told in plain words: %j', (facts, text) => {
  const reloaded = { file: '/quay/logboard.yaml', changes: [], needsRestart: [], ...facts };
  expect(line('reloaded', reloaded)).toBe(`reloaded  ${text}`);
});
