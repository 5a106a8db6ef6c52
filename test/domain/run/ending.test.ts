/** The end of a run: one terminal event, and nothing after it, whatever anybody believes. */
import { describe, expect, it } from 'vitest';
import type { FoldMeta } from '../../../src/domain/event.ts';
import type { TerminalType } from '../../../src/domain/run/events.ts';
import { isTerminal, terminalOutcomes } from '../../../src/domain/run/events.ts';
import { evolveRun } from '../../../src/domain/run/state.ts';
import { runOutcomes } from '../../../src/domain/task/events.ts';
import {
  askGuard,
  beat,
  endingCommands,
  endings,
  opened,
  otherTokenHash,
  recordSpawn,
  sayBeat,
  spawned,
  started,
  tokenHash,
  worker,
} from '../../kit/a-run.ts';
import { at, givenRun as given, storyAtMs } from '../../kit/given.ts';

const terminals = Object.keys(endings) as TerminalType[];
/** What a worker says about its own end; the other endings are judged from outside. */
const byWorker = ['RunCompleted', 'RunBlocked', 'RunReleased'] as const;

describe.each(terminals)('%s', (type) => {
  it('is what its command leads to', () => {
    const after = given(opened()).when(endingCommands[type]).then(endings[type]);
    expect(after).toMatchObject({
      standing: 'ended',
      outcome: terminalOutcomes[type],
      endedAtMs: storyAtMs,
      endedBy: { kind: 'human', id: 'ada' },
    });
  });

  it('is the last event of its run: every command after it is stale', () => {
    const others = [
      ...Object.values(endingCommands),
      recordSpawn(),
      askGuard(),
      sayBeat({ note: 'sanding', nowMs: storyAtMs }),
      { type: 'RecordUsage', usage: {} } as const,
      { type: 'ActBeside' } as const,
    ].filter((command) => command !== endingCommands[type]);
    for (const command of others) {
      given(opened(), at(7, endings[type], worker))
        .when(command)
        .thenRefused('stale_run', {
          outcome: terminalOutcomes[type],
          endedAtMs: 7,
          endedBy: `worker ${worker.id}`,
          attempted: command.type,
        });
    }
  });

  it('cannot be followed by an event, even if a log contained one', () => {
    const { state } = given(opened(), endings[type]);
    const meta = { at: storyAtMs, actor: worker };
    for (const event of [beat(), started, endings.RunCanceled]) {
      expect(() => evolveRun(state, event, meta)).toThrow("after the run's terminal event");
    }
  });
});

it('every outcome has exactly one terminal event', () => {
  expect(Object.values(terminalOutcomes).sort()).toEqual([...runOutcomes].sort());
  expect(terminals.every((type) => isTerminal(endings[type]))).toBe(true);
  expect([opened(), spawned, started, beat()].some(isTerminal)).toBe(false);
});

describe('output after the end', () => {
  const ttlMs = 60_000;
  const last = {
    type: 'SendOutput',
    runId: worker.id,
    isTombstoned: false,
    tokenHash,
    nowMs: storyAtMs + ttlMs - 1,
  } as const;
  const ended = (by: FoldMeta['actor'] = worker, run = opened({ tokenHash, ttlMs })) =>
    given(run, at(storyAtMs, endings.RunCompleted, by));

  it('is taken of the worker that said the last word, while its lease would have gone on', () => {
    ended().when(last).thenNothing();
    ended()
      .when({ ...last, nowMs: storyAtMs + ttlMs })
      .thenRefused('stale_run');
  });

  it.each([
    ['that another token is shown for', { tokenHash: otherTokenHash }],
    ['that no token is shown for', { tokenHash: undefined }],
    ['whose task is gone for good', { isTombstoned: true }],
  ])('of a run %s is stale', (_, wrong) => {
    ended()
      .when({ ...last, ...wrong })
      .thenRefused('stale_run', { attempted: 'SendOutput' });
  });

  it('of a run that somebody else ended, or that has no token, is stale', () => {
    const others = [{ kind: 'human', id: 'ada' } as const, { ...worker, id: 'R-OTHER0000000' }];
    for (const other of others) ended(other).when(last).thenRefused('stale_run');
    ended(worker, opened({ ttlMs })).when(last).thenRefused('stale_run');
  });
});

describe('the same ending, said again', () => {
  it.each(byWorker)('by the worker is a repeat and finds its work done: %s', (type) => {
    given(opened(), endings[type]).when(endingCommands[type]).thenNothing();
  });

  it.each(terminals.filter((type) => !byWorker.some((own) => own === type)))(
    'from outside is too late: %s',
    (type) => {
      given(opened(), endings[type]).when(endingCommands[type]).thenRefused('stale_run');
    },
  );

  it('is a repeat only with the token', () => {
    const repeat = (hash: string | undefined) =>
      given(opened({ tokenHash }), endings.RunReleased).when({
        type: 'ReleaseRun',
        reason: 'no brush',
        tokenHash: hash,
      });
    repeat(tokenHash).thenNothing();
    repeat(otherTokenHash).thenRefused('stale_run');
    repeat(undefined).thenRefused('stale_run');
  });

  it('with another result is another ending', () => {
    given(opened(), endings.RunCompleted)
      .when({ type: 'CompleteRun', handOff: { summary: 'Three coats.' }, review: false })
      .thenRefused('stale_run', { outcome: 'completed' });
    given(opened(), endings.RunCompleted)
      .when({
        type: 'CompleteRun',
        handOff: { summary: 'Two coats.', result: 'red' },
        review: true,
      })
      .thenRefused('stale_run', { outcome: 'completed' });
  });

  it('is recognised whatever the order of its words', () => {
    const sha256 = 'c'.repeat(64);
    const { type, data } = endings.RunCompleted;
    const artifacts = [{ name: 'hull.png', sha256, bytes: 7 }];
    given(opened(), { type, data: { ...data, artifacts } })
      .when({
        type: 'CompleteRun',
        review: false,
        handOff: {
          artifacts: [{ bytes: 7, sha256, name: 'hull.png' }],
          result: 'red',
          summary: 'Two coats.',
        },
      })
      .thenNothing();
  });
});
