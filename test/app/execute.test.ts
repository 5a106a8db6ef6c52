/** The one retry loop: races are decided again, lost answers are repeated, and both have an end. */
import { describe, expect, it } from 'vitest';
import { attemptsMax, Contended, createExecute } from '../../src/app/execute.ts';
import { createMemory } from '../../src/app/load.ts';
import type { Caller, Plan, Stored } from '../../src/app/plan.ts';
import { bodyBytesMax, textBytesMax } from '../../src/domain/limits.ts';
import { codec } from '../../src/log/codec.ts';
import { eventBytesMax, LogUnavailable } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { ada } from '../kit/callers.ts';
import { createCountedIds } from '../kit/counted-ids.ts';
import { createFakeClock, storyStartMs } from '../kit/fake-clock.ts';
import { meddleWith } from '../kit/meddled-log.ts';

const stream = 'note-T-0000000001';
const eve: Caller = { actor: { kind: 'human', id: 'eve' }, surface: 'http' };

/** The loop over an empty log, and another one over the same, which no test meddles with. */
function setup() {
  const clock = createFakeClock();
  const inner = createMemoryLog({ clock, epoch: 'epoch-1' });
  const log = meddleWith(inner);
  const { commandId: newId } = createCountedIds();
  const memory = createMemory({ log, codec });
  const execute = createExecute({ log, codec, memory, clock, newId });
  const executeElsewhere = createExecute({ log: inner, codec, memory, clock, newId });
  /** The version of the stream at each decision. */
  const decidedAt: number[] = [];

  /** Says something at the end of the stream, as it is when it is decided. */
  async function planOf(body: string): Promise<Plan<Stored>> {
    const version = (await inner.readStream(stream)).length - 1;
    const expected = version === -1 ? ('no_stream' as const) : version;
    const events = [{ type: 'CommentAdded' as const, data: { body, author: 'ada' } }];
    return { refused: false, writes: [{ stream, expected, events }], answer: (stored) => stored };
  }

  return {
    log,
    execute,
    decidedAt,
    say: (body: string, caller: Caller = ada) =>
      execute(caller, async () => {
        const plan = await planOf(body);
        decidedAt.push((await inner.readStream(stream)).length - 1);
        return plan;
      }),
    sayElsewhere: (body: string) => executeElsewhere(eve, () => planOf(body)),
    said: async () =>
      (await inner.readStream(stream)).map(({ data }) => (JSON.parse(data) as Said).body),
    stored: () => inner.readAll(),
  };
}

interface Said {
  readonly body: string;
}

describe('a lost race', () => {
  it('is decided again, on what stands there now', async () => {
    const { log, say, sayElsewhere, said, decidedAt } = setup();
    log.beforeNextAppend(() => sayElsewhere('I was faster.'));
    expect(await say('I was first.')).toMatchObject({ versions: [1] });
    expect(await said()).toEqual(['I was faster.', 'I was first.']);
    expect(decidedAt).toEqual([-1, 0]);
  });

  it('lost again and again has an end, with nothing written', async () => {
    const { log, say, sayElsewhere, said, decidedAt } = setup();
    log.beforeEveryAppend(() => sayElsewhere('Faster.'));
    const attempt = say('Never.');
    await expect(attempt).rejects.toThrow(Contended);
    await expect(attempt).rejects.toMatchObject({ code: 'contended', retryable: true });
    expect(decidedAt).toHaveLength(attemptsMax);
    expect(new Set(await said())).toEqual(new Set(['Faster.']));
  });
});

describe('a lost answer', () => {
  it('is asked for again with the same append, before anything else', async () => {
    const { log, say, said, decidedAt } = setup();
    log.loseAnswers('stored', 'stored');
    expect(await say('Once.')).toMatchObject({ versions: [0], position: 1, repeated: true });
    expect(await said()).toEqual(['Once.']);
    expect(decidedAt).toHaveLength(1);
    expect(log.tries).toHaveLength(3);
    expect(log.tries[2]).toBe(log.tries[0]);
  });

  it('to an append that was never stored is stored by the repeat', async () => {
    const { log, say, said } = setup();
    log.loseAnswers('not_stored');
    expect(await say('Once.')).toMatchObject({ versions: [0], repeated: false });
    expect(await said()).toEqual(['Once.']);
  });

  it('that never comes ends in the fault, not in a new decision', async () => {
    const { log, say, decidedAt } = setup();
    log.loseAnswers('stored', 'stored', 'stored', 'stored');
    await expect(say('Once?')).rejects.toMatchObject({ outcomeUnknown: true });
    expect(decidedAt).toHaveLength(1);
    expect(log.tries).toHaveLength(4);
  });

  it('stays unknown when its repeat fails plainly: it may have been stored before', async () => {
    const { log, say, said } = setup();
    const full = { code: 'disk_full', hint: 'Make room.', retryable: true };
    log.loseAnswers('stored');
    log.beforeNextAppend(async () => {
      log.beforeNextAppend(async () => log.failNext(new LogUnavailable('The disk is full.', full)));
    });
    await expect(say('Once.')).rejects.toMatchObject({ outcomeUnknown: true });
    expect(await said()).toEqual(['Once.']);
  });

  it('is not to be confused with a plain failure, which is not repeated', async () => {
    const { log, say, said } = setup();
    const fault = new LogUnavailable('The disk is full.', {
      code: 'disk_full',
      hint: 'Make room.',
      retryable: true,
    });
    log.failNext(fault);
    await expect(say('Never.')).rejects.toBe(fault);
    expect(log.tries).toHaveLength(1);
    expect(await said()).toEqual([]);
  });
});

describe('a command', () => {
  it('that finds its work done touches no log', async () => {
    const { log, execute } = setup();
    const guard = { stream, expected: 7, events: [] };
    const answer = await execute(ada, async () => ({
      refused: false,
      writes: [guard],
      answer: (stored: Stored) => stored,
    }));
    expect(answer).toEqual({ position: undefined, versions: [] });
    expect(log.tries).toEqual([]);
  });

  it('that is refused touches no log', async () => {
    const { log, execute } = setup();
    const no = { refused: true, code: 'cycle', message: 'No.', hint: 'No.', facts: {} } as const;
    expect(await execute(ada, async () => no)).toBe(no);
    expect(log.tries).toEqual([]);
  });

  it('that is malformed is refused with every problem, and nothing of it is written', async () => {
    const { log, execute } = setup();
    const good = { type: 'CommentAdded', data: { body: 'Fine.', author: 'ada' } } as const;
    const bad = { type: 'CommentAdded', data: { body: '', author: 'a\nb' } } as const;
    const answer = await execute(ada, async () => ({
      refused: false,
      writes: [{ stream, expected: 'any', events: [good, bad] }],
      answer: () => 'stored',
    }));
    expect(answer).toMatchObject({
      refused: true,
      code: 'invalid',
      message: 'Cannot accept body: must not be empty.',
      facts: {
        issues: [
          { path: 'body', problem: 'must not be empty' },
          { path: 'author', problem: 'contains a control character' },
        ],
      },
    });
    expect(log.tries).toEqual([]);
  });

  it('by somebody without a name is malformed, too', async () => {
    const { log, say } = setup();
    const nobody: Caller = { actor: { kind: 'human', id: '' }, surface: 'cli' };
    expect(await say('Boo.', nobody)).toMatchObject({ refused: true, code: 'invalid' });
    expect(log.tries).toEqual([]);
  });

  it('takes as much as one event takes, to the byte', async () => {
    const { execute, stored } = setup();
    const create = (bodyBytes: number, taskId: string) =>
      execute({ ...ada, commandId: 'c-7' }, async () => {
        // A whole body leaves room in an event: another text has to fill it.
        const initialBlock = 'y'.repeat(textBytesMax);
        // JSON makes two bytes of a line end.
        const body = '\n'.repeat(bodyBytes / 2) + 'x'.repeat(bodyBytes % 2);
        const data = { title: 'Paint', body, initialBlock, createdBy: 'ada' };
        const events = [{ type: 'TaskCreated' as const, data }];
        const writes = [{ stream: `task-${taskId}`, expected: 'no_stream' as const, events }];
        return { refused: false, writes, answer: () => 'stored' };
      });
    await create(0, 'T-0000000001');
    const [empty] = await stored();
    const room = eventBytesMax - Buffer.byteLength(empty!.data) - Buffer.byteLength(empty!.meta);
    expect(await create(room, 'T-0000000002')).toBe('stored');
    expect(await create(room + 1, 'T-0000000003')).toMatchObject({ code: 'invalid' });
  });

  it('takes a whole body, whatever it is made of', async () => {
    const { execute } = setup();
    for (const character of ['"', '\\', '\n', 'x']) {
      const data = { title: 'Paint', body: character.repeat(bodyBytesMax), createdBy: 'ada' };
      const answer = await execute(ada, async () => ({
        refused: false,
        writes: [
          {
            stream: `task-T-000000000${character.charCodeAt(0) % 10}`,
            expected: 'any',
            events: [{ type: 'TaskCreated', data }],
          },
        ],
        answer: () => 'stored',
      }));
      expect(answer).toBe('stored');
    }
  });

  it('whose texts are too much for one event together is refused, not a fault', async () => {
    const { log, execute } = setup();
    const initialBlock = '\n'.repeat(textBytesMax);
    const body = '\n'.repeat(bodyBytesMax);
    const fields = { title: 'Paint', body, initialBlock, createdBy: 'ada' };
    const answer = await execute(ada, async () => ({
      refused: false,
      writes: [
        {
          stream: 'task-T-0000000001',
          expected: 'no_stream',
          events: [{ type: 'TaskCreated', data: fields }],
        },
      ],
      answer: () => 'stored',
    }));
    expect(answer).toMatchObject({
      refused: true,
      code: 'invalid',
      facts: { type: 'TaskCreated', bytesMax: eventBytesMax },
    });
    expect(log.tries).toEqual([]);
  });
});

describe('the events of a command', () => {
  it('carry who sent it, through which door, because of what, and when', async () => {
    const { say, stored } = setup();
    await say('Hello.', {
      ...ada,
      commandId: 'c-7',
      correlationId: 'story-1',
      causationId: 'event-0',
    });
    const [event] = await stored();
    expect(JSON.parse(event!.meta)).toEqual({
      actor: { kind: 'human', id: 'ada' },
      surface: 'cli',
      commandId: 'c-7',
      $correlationId: 'story-1',
      $causationId: 'event-0',
      at: storyStartMs,
    });
  });

  it('are correlated with their own command when nobody says otherwise', async () => {
    const { say, stored } = setup();
    await say('Hello.', { ...ada, commandId: 'c-7' });
    const [event] = await stored();
    expect(JSON.parse(event!.meta)).toMatchObject({ $correlationId: 'c-7', $causationId: 'c-7' });
  });

  it('have ids that follow from stream and command, so that everybody makes the same', async () => {
    const idOf = async (commandId: string) => {
      const { say, stored } = setup();
      await say('Hello.', { ...ada, commandId });
      return (await stored())[0]!.id;
    };
    expect(await idOf('c-7')).toBe(await idOf('c-7'));
    expect(await idOf('c-7')).not.toBe(await idOf('c-8'));
    expect(await idOf('c-7')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
  });
});
