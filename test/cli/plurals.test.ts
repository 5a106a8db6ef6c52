/** One of something is said as one, wherever people read figures. */
import { describe, expect, test } from 'vitest';
import { eventPhrase } from '../../src/cli/timeline-words.ts';
import { commandLine } from './command-line.ts';

test('a board with one task has one task, and later two', async () => {
  const cli = commandLine();
  await cli.create('Paint the hull');
  expect((await cli.run(['stats'])).stdout).toMatch(/^1 task\n/);

  await cli.create('Launch');
  expect((await cli.run(['stats'])).stdout).toMatch(/^2 tasks\n/);
});

test('a task says of one parent and of one failure what it says of several', async () => {
  const cli = commandLine();
  const parent = await cli.create('Paint the hull');
  const child = await cli.create('Launch', '--parent', parent, '--max-retries', '1');

  const { stdout } = await cli.run(['show', child]);

  expect(stdout).toContain('waits for 1 of 1 parent\n');
  expect(stdout).toContain('halted after 1 failure\n');
});

describe('the timeline', () => {
  test.each([
    ['LogThinned', { removed: 1, from: 3, upTo: 9 }, /^1 heartbeat of ended runs/],
    ['LogThinned', { removed: 2, from: 3, upTo: 9 }, /^2 heartbeats of ended runs/],
    ['LogSegmented', { events: 1, from: 3, upTo: 3 }, /^1 event from 3/],
    ['TaskHalted', { failures: 1, limit: 1 }, /after 1 of 1 failure\b/],
    ['TaskHalted', { failures: 0, limit: 1, outcome: 'released' }, /limit of 1 run that ended/],
    ['TaskHalted', { failures: 0, limit: 5, outcome: 'released' }, /limit of 5 runs that ended/],
  ] as const)('says of %s with %j: %s', (type, data, phrase) => {
    expect(eventPhrase(type, data, 0)).toMatch(phrase);
  });
});
