/** What the check of a log keeps in memory of every task and run. */
import { describe, expect, it } from 'vitest';
import {
  evolveRememberedRun,
  evolveRememberedTask,
  type RememberedRun,
} from '../../src/app/remembered.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import type { RunEvent, TerminalType } from '../../src/domain/run/events.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import { evolveTask, type TaskState } from '../../src/domain/task/state.ts';
import { onRun, onTask, recorded } from '../kit/a-history.ts';
import { beat, endings, opened, spawned } from '../kit/a-run.ts';
import { claimed, completed, created, failed } from '../kit/a-task.ts';

describe('a task that is remembered', () => {
  it('is the task as it stands, without its long texts', () => {
    const story = [created({ body: 'x'.repeat(10_000) }), claimed(), failed({ error: 'It sank.' })];
    let [whole, remembered]: TaskState[] = [];
    for (const event of recorded([...story, claimed(), completed].map((each) => onTask(each)))) {
      const told = event as Recorded<TaskEvent>;
      whole = evolveTask(whole, told, told.meta);
      remembered = evolveRememberedTask(remembered, told);
      expect(remembered).toEqual({ ...whole, body: null, handOff: null, lastError: null });
    }
    expect(whole?.handOff).not.toBeNull();
  });
});

describe('a run that is remembered', () => {
  const fold = (events: readonly RunEvent[], before?: RememberedRun) =>
    recorded(events.map((each) => onRun(each))).reduce<RememberedRun | undefined>(
      (run, event) => evolveRememberedRun(run, event as Recorded<RunEvent>),
      before,
    );

  it('is whole while it is open', () => {
    const run = fold([opened(), spawned, beat({ note: 'half way' })]);
    expect(run).toMatchObject({ standing: 'open', process: spawned.data, note: 'half way' });
  });

  it.each(Object.keys(endings) as TerminalType[])('is only its end after %s', (type) => {
    const heartbeats = { count: 3, maxGapMs: 7 };
    const ending = { ...endings[type], data: { ...endings[type].data, heartbeats } } as RunEvent;
    const end = fold([opened(), spawned, ending]);
    expect(end).toEqual({ standing: 'ended', type, outcome: expect.any(String), beats: 3 });
    expect(fold([beat(), endings.RunCompleted], end)).toBe(end);
  });

  it('cannot begin in its middle', () => {
    expect(() => fold([spawned])).toThrow('before RunOpened');
  });
});
