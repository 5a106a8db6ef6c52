/** Endings in one line, as they appear in errors, lists and timelines. */
import { expect, it } from 'vitest';
import { describeEnding } from '../../../src/domain/run/describe.ts';
import type { TerminalEvent } from '../../../src/domain/run/events.ts';
import { endings } from '../../kit/a-run.ts';

const sentences: Readonly<Record<TerminalEvent['type'], string>> = {
  RunCompleted: 'completed',
  RunBlocked: 'blocked: Which colour?',
  RunReleased: 'given back by its worker: no brush',
  RunReclaimed: 'reclaimed: silent for 16 min',
  RunCrashed: 'crashed: boom',
  RunTimedOut: 'ran longer than its limit of 60 s',
  RunWentStale: 'showed no progress for 3600 s',
  SpawnFailed: 'could not be started: no such program',
  ProtocolViolated: 'exited with 0 without saying how the work ended',
  RunRateLimited: 'rate limited, held for at least 300 s',
  RunCanceled: 'canceled: archived by ada',
};

it.each(Object.values(endings))('$type in words', (ending) => {
  expect(describeEnding(ending)).toBe(sentences[ending.type]);
});

it('work that waits for review says so, and a reason that was not given is not invented', () => {
  const { RunCompleted, RunReleased } = endings;
  expect(describeEnding({ ...RunCompleted, data: { ...RunCompleted.data, review: true } })).toBe(
    'completed, waiting for review',
  );
  const { heartbeats } = RunReleased.data;
  expect(describeEnding({ type: 'RunReleased', data: { heartbeats } })).toBe(
    'given back by its worker',
  );
});

it('a long error is cut to 500 characters, and never through the middle of one', () => {
  const crash = (error: string): TerminalEvent => ({
    type: 'RunCrashed',
    data: { ...endings.RunCrashed.data, error },
  });
  expect(describeEnding(crash('x'.repeat(600)))).toHaveLength(500);
  // "crashed: " takes nine characters, so the anchor stands across the edge.
  const cut = describeEnding(crash(`${'x'.repeat(490)}⚓︎🪢`));
  expect(cut.length).toBeLessThanOrEqual(500);
  expect(cut).not.toMatch(/\p{Surrogate}/u);
  expect(describeEnding(crash(`${'x'.repeat(490)}🪢`))).toBe(`crashed: ${'x'.repeat(490)}`);
});
